/** The other kinds of the core group, and what every object carries. Notation: ./notation.ts. */
export const core = `
[meta/v1]
Condition type="" status="" lastTransitionTime:time=null reason="" message=""
LabelSelector matchExpressions:[LabelSelectorRequirement]
LabelSelectorRequirement key="" operator=""
ObjectMeta creationTimestamp:time deletionTimestamp:time deletionGracePeriodSeconds*
  ownerReferences:[OwnerReference] managedFields:raw
OwnerReference apiVersion="" kind="" name="" uid="" controller* blockOwnerDeletion*
[v1]
AttachedVolume name="" devicePath=""
Binding metadata:ObjectMeta={} target:ObjectReference={}
ClientIPConfig timeoutSeconds*
ConfigMap metadata:ObjectMeta={} immutable* binaryData:{bytes}
ConfigMapNodeConfigSource namespace="" name="" kubeletConfigKey=""
ContainerImage names:[]=null
DaemonEndpoint Port=0
EndpointAddress ip="" nodeName* targetRef:ObjectReference
EndpointPort port=0 protocol=TCP appProtocol*
EndpointSubset addresses:[EndpointAddress] notReadyAddresses:[EndpointAddress] ports:[EndpointPort]
Endpoints metadata:ObjectMeta={} subsets:[EndpointSubset]
Event metadata:ObjectMeta={} involvedObject:ObjectReference={} source:EventSource={} firstTimestamp:time=null
  lastTimestamp:time=null eventTime:microtime=null series:EventSeries related:ObjectReference reportingComponent=""
  reportingInstance=""
EventSeries lastObservedTime:microtime=null
EventSource
LimitRange metadata:ObjectMeta={} spec:LimitRangeSpec={}
LimitRangeItem type="" max:{resources} min:{resources} default:{resources} defaultRequest:{resources}
  maxLimitRequestRatio:{resources}
LimitRangeSpec limits:[LimitRangeItem]=null
LoadBalancerIngress ipMode* ports:[PortStatus]
LoadBalancerStatus ingress:[LoadBalancerIngress]
Namespace metadata:ObjectMeta={} spec:NamespaceSpec={} status:NamespaceStatus={}
NamespaceCondition type="" status="" lastTransitionTime:time=null
NamespaceSpec
NamespaceStatus phase=Active conditions:[NamespaceCondition]
Node metadata:ObjectMeta={} spec:NodeSpec={} status:NodeStatus={}
NodeAddress type="" address=""
NodeCondition type="" status="" lastHeartbeatTime:time=null lastTransitionTime:time=null
NodeConfigSource configMap:ConfigMapNodeConfigSource
NodeConfigStatus assigned:NodeConfigSource active:NodeConfigSource lastKnownGood:NodeConfigSource
NodeDaemonEndpoints kubeletEndpoint:DaemonEndpoint={}
NodeFeatures supplementalGroupsPolicy*
NodeRuntimeHandler name="" features:NodeRuntimeHandlerFeatures
NodeRuntimeHandlerFeatures recursiveReadOnlyMounts* userNamespaces*
NodeSpec taints:[Taint] configSource:NodeConfigSource
NodeStatus capacity:{resources} allocatable:{resources} conditions:[NodeCondition] addresses:[NodeAddress]
  daemonEndpoints:NodeDaemonEndpoints={} nodeInfo:NodeSystemInfo={} images:[ContainerImage]
  volumesAttached:[AttachedVolume] config:NodeConfigStatus runtimeHandlers:[NodeRuntimeHandler]
  features:NodeFeatures
NodeSwapStatus capacity*
NodeSystemInfo machineID="" systemUUID="" bootID="" kernelVersion="" osImage="" containerRuntimeVersion=""
  kubeletVersion="" kubeProxyVersion="" operatingSystem="" architecture="" swap:NodeSwapStatus
ObjectReference
PortStatus port=0 protocol="" error*
ReplicationController metadata:ObjectMeta={} spec:ReplicationControllerSpec={} status:ReplicationControllerStatus={}
ReplicationControllerCondition type="" status="" lastTransitionTime:time=null
ReplicationControllerSpec replicas*=1 template:PodTemplateSpec
ReplicationControllerStatus replicas=0 conditions:[ReplicationControllerCondition]
ResourceQuota metadata:ObjectMeta={} spec:ResourceQuotaSpec={} status:ResourceQuotaStatus={}
ResourceQuotaSpec hard:{resources} scopeSelector:ScopeSelector
ResourceQuotaStatus hard:{resources} used:{resources}
ScopeSelector matchExpressions:[ScopedResourceSelectorRequirement]
ScopedResourceSelectorRequirement scopeName="" operator=""
Secret metadata:ObjectMeta={} immutable* data:{bytes} type=Opaque
Service metadata:ObjectMeta={} spec:ServiceSpec={} status:ServiceStatus={}
ServiceAccount metadata:ObjectMeta={} secrets:[ObjectReference] imagePullSecrets:[LocalObjectReference]
  automountServiceAccountToken*
ServicePort protocol=TCP appProtocol* port=0 targetPort:intstr=0
ServiceSpec ports:[ServicePort] sessionAffinityConfig:SessionAffinityConfig ipFamilyPolicy*
  allocateLoadBalancerNodePorts* loadBalancerClass* internalTrafficPolicy* trafficDistribution*
ServiceStatus loadBalancer:LoadBalancerStatus={} conditions:[Condition]
SessionAffinityConfig clientIP:ClientIPConfig
Taint key="" effect="" timeAdded:time
TopologySelectorLabelRequirement key="" values:[]=null
TopologySelectorTerm matchLabelExpressions:[TopologySelectorLabelRequirement]
`;
