/** Workloads. Notation: ./notation.ts. */
export const apps = `
[apps/v1]
ControllerRevision metadata:ObjectMeta={} data:raw=null revision=0
DaemonSet metadata:ObjectMeta={} spec:DaemonSetSpec={} status:DaemonSetStatus={}
DaemonSetCondition type="" status="" lastTransitionTime:time=null
DaemonSetSpec selector:LabelSelector=null template:PodTemplateSpec={} updateStrategy:DaemonSetUpdateStrategy={}
  revisionHistoryLimit*=10
DaemonSetStatus currentNumberScheduled=0 numberMisscheduled=0 desiredNumberScheduled=0 numberReady=0 collisionCount*
  conditions:[DaemonSetCondition]
DaemonSetUpdateStrategy type=RollingUpdate rollingUpdate:RollingUpdateDaemonSet
Deployment metadata:ObjectMeta={} spec:DeploymentSpec={} status:DeploymentStatus={}
DeploymentCondition type="" status="" lastUpdateTime:time=null lastTransitionTime:time=null
DeploymentSpec replicas*=1 selector:LabelSelector=null template:PodTemplateSpec={} strategy:DeploymentStrategy={}
  revisionHistoryLimit*=10 progressDeadlineSeconds*=600
DeploymentStatus terminatingReplicas* conditions:[DeploymentCondition] collisionCount*
DeploymentStrategy type=RollingUpdate rollingUpdate:RollingUpdateDeployment
ReplicaSet metadata:ObjectMeta={} spec:ReplicaSetSpec={} status:ReplicaSetStatus={}
ReplicaSetCondition type="" status="" lastTransitionTime:time=null
ReplicaSetSpec replicas*=1 selector:LabelSelector=null template:PodTemplateSpec={}
ReplicaSetStatus replicas=0 terminatingReplicas* conditions:[ReplicaSetCondition]
RollingUpdateDaemonSet maxUnavailable:intstr=0 maxSurge:intstr=0
RollingUpdateDeployment maxUnavailable:intstr=0 maxSurge:intstr=0
RollingUpdateStatefulSetStrategy partition* maxUnavailable:intstr
StatefulSet metadata:ObjectMeta={} spec:StatefulSetSpec={} status:StatefulSetStatus={}
StatefulSetCondition type="" status="" lastTransitionTime:time=null
StatefulSetOrdinals start=0
StatefulSetPersistentVolumeClaimRetentionPolicy whenDeleted=Retain whenScaled=Retain
StatefulSetSpec replicas*=1 selector:LabelSelector=null template:PodTemplateSpec={}
  volumeClaimTemplates:[PersistentVolumeClaim] serviceName="" podManagementPolicy=OrderedReady
  updateStrategy:StatefulSetUpdateStrategy={} revisionHistoryLimit*=10
  persistentVolumeClaimRetentionPolicy:StatefulSetPersistentVolumeClaimRetentionPolicy={}
  ordinals:StatefulSetOrdinals
StatefulSetStatus replicas=0 collisionCount* conditions:[StatefulSetCondition] availableReplicas=0
StatefulSetUpdateStrategy rollingUpdate:RollingUpdateStatefulSetStrategy
`;
