/** Groups with one or two kinds: leases, events, runtime classes, disruption budgets, priority classes. Notation: ./notation.ts. */
export const singleKinds = `
[coordination.k8s.io/v1]
Lease metadata:ObjectMeta={} spec:LeaseSpec={}
LeaseSpec holderIdentity* leaseDurationSeconds* acquireTime:microtime renewTime:microtime leaseTransitions*
  strategy:off preferredHolder:off
[events.k8s.io/v1]
Event metadata:ObjectMeta={} eventTime:microtime=null series:EventSeries regarding:ObjectReference={}
  related:ObjectReference deprecatedSource:EventSource={} deprecatedFirstTimestamp:time=null
  deprecatedLastTimestamp:time=null
EventSeries count=0 lastObservedTime:microtime=null
[node.k8s.io/v1]
Overhead podFixed:{quantity}
RuntimeClass metadata:ObjectMeta={} handler="" overhead:Overhead scheduling:Scheduling
Scheduling tolerations:[Toleration]
[policy/v1]
PodDisruptionBudget metadata:ObjectMeta={} spec:PodDisruptionBudgetSpec={} status:PodDisruptionBudgetStatus={}
PodDisruptionBudgetSpec minAvailable:intstr selector:LabelSelector maxUnavailable:intstr unhealthyPodEvictionPolicy*
PodDisruptionBudgetStatus disruptedPods:{time} disruptionsAllowed=0 currentHealthy=0 desiredHealthy=0 expectedPods=0
  conditions:[Condition]
[scheduling.k8s.io/v1]
PriorityClass metadata:ObjectMeta={} value=0 preemptionPolicy*=PreemptLowerPriority
`;
