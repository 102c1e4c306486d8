/** Pods, templates and what they hold. Notation: ./notation.ts. */
export const corePods = `
[v1]
Affinity nodeAffinity:NodeAffinity podAffinity:PodAffinity podAntiAffinity:PodAntiAffinity
AppArmorProfile type="" localhostProfile*
Capabilities
ConfigMapEnvSource optional*
ConfigMapKeySelector key="" optional*
Container name="" ports:[ContainerPort] envFrom:[EnvFromSource] env:[EnvVar] resources:ResourceRequirements={}
  resizePolicy:[ContainerResizePolicy] restartPolicy* restartPolicyRules:[ContainerRestartRule]
  volumeMounts:[VolumeMount] volumeDevices:[VolumeDevice] livenessProbe:Probe readinessProbe:Probe
  startupProbe:Probe lifecycle:Lifecycle terminationMessagePath=/dev/termination-log terminationMessagePolicy=File
  securityContext:SecurityContext
ContainerExtendedResourceRequest containerName="" resourceName="" requestName=""
ContainerPort containerPort=0 protocol=TCP
ContainerResizePolicy resourceName="" restartPolicy=""
ContainerRestartRule exitCodes:ContainerRestartRuleOnExitCodes
ContainerRestartRuleOnExitCodes
ContainerState waiting:ContainerStateWaiting running:ContainerStateRunning terminated:ContainerStateTerminated
ContainerStateRunning startedAt:time=null
ContainerStateTerminated exitCode=0 startedAt:time=null finishedAt:time=null
ContainerStateWaiting
ContainerStatus name="" state:ContainerState={} lastState:ContainerState={} ready=false restartCount=0 image=""
  imageID="" started* allocatedResources:{resources} resources:ResourceRequirements volumeMounts:[VolumeMountStatus]
  user:ContainerUser allocatedResourcesStatus:[ResourceStatus] stopSignal*
ContainerUser linux:LinuxContainerUser
EnvFromSource configMapRef:ConfigMapEnvSource secretRef:SecretEnvSource
EnvVar name="" valueFrom:EnvVarSource
EnvVarSource fieldRef:ObjectFieldSelector resourceFieldRef:ResourceFieldSelector
  configMapKeyRef:ConfigMapKeySelector secretKeyRef:SecretKeySelector fileKeyRef:FileKeySelector
EphemeralContainer name="" ports:[ContainerPort] envFrom:[EnvFromSource] env:[EnvVar]
  resources:ResourceRequirements={} resizePolicy:[ContainerResizePolicy] restartPolicy*
  restartPolicyRules:[ContainerRestartRule] volumeMounts:[VolumeMount] volumeDevices:[VolumeDevice]
  livenessProbe:Probe readinessProbe:Probe startupProbe:Probe lifecycle:Lifecycle
  terminationMessagePath=/dev/termination-log terminationMessagePolicy=File securityContext:SecurityContext
ExecAction
FileKeySelector volumeName="" path="" key="" optional*=false
GRPCAction port=0 service*=""
HTTPGetAction path=/ port:intstr=0 scheme=HTTP httpHeaders:[HTTPHeader]
HTTPHeader name="" value=""
HostAlias ip=""
HostIP ip=""
Lifecycle postStart:LifecycleHandler preStop:LifecycleHandler stopSignal:off
LifecycleHandler exec:ExecAction httpGet:HTTPGetAction tcpSocket:TCPSocketAction sleep:SleepAction
LinuxContainerUser uid=0 gid=0
NodeAffinity requiredDuringSchedulingIgnoredDuringExecution:NodeSelector
  preferredDuringSchedulingIgnoredDuringExecution:[PreferredSchedulingTerm]
NodeSelector nodeSelectorTerms:[NodeSelectorTerm]=null
NodeSelectorRequirement key="" operator=""
NodeSelectorTerm matchExpressions:[NodeSelectorRequirement] matchFields:[NodeSelectorRequirement]
ObjectFieldSelector apiVersion=v1 fieldPath=""
Pod metadata:ObjectMeta={} spec:PodSpec={} status:PodStatus={}
PodAffinity requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm]
  preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm]
PodAffinityTerm labelSelector:LabelSelector topologyKey="" namespaceSelector:LabelSelector
PodAntiAffinity requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm]
  preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm]
PodCondition type="" status="" lastProbeTime:time=null lastTransitionTime:time=null
PodDNSConfig options:[PodDNSConfigOption]
PodDNSConfigOption value*
PodExtendedResourceClaimStatus requestMappings:[ContainerExtendedResourceRequest]=null resourceClaimName=""
PodIP ip=""
PodOS name=""
PodReadinessGate conditionType=""
PodResourceClaim name="" resourceClaimName* resourceClaimTemplateName*
PodResourceClaimStatus name="" resourceClaimName*
PodSchedulingGate name=""
PodSecurityContext seLinuxOptions:SELinuxOptions windowsOptions:WindowsSecurityContextOptions runAsUser* runAsGroup*
  runAsNonRoot* supplementalGroupsPolicy* fsGroup* sysctls:[Sysctl] fsGroupChangePolicy*
  seccompProfile:SeccompProfile appArmorProfile:AppArmorProfile seLinuxChangePolicy*
PodSpec volumes:[Volume] initContainers:[Container] containers:[Container]=null
  ephemeralContainers:[EphemeralContainer] restartPolicy=Always terminationGracePeriodSeconds*=30
  activeDeadlineSeconds* dnsPolicy=ClusterFirst automountServiceAccountToken* shareProcessNamespace*
  securityContext:PodSecurityContext={} imagePullSecrets:[LocalObjectReference] affinity:Affinity
  schedulerName=default-scheduler tolerations:[Toleration] hostAliases:[HostAlias] priority* dnsConfig:PodDNSConfig
  readinessGates:[PodReadinessGate] runtimeClassName* enableServiceLinks* preemptionPolicy* overhead:{resources}
  topologySpreadConstraints:[TopologySpreadConstraint] setHostnameAsFQDN* os:PodOS hostUsers*
  schedulingGates:[PodSchedulingGate] resourceClaims:[PodResourceClaim] resources:ResourceRequirements
  hostnameOverride* workloadRef:off
PodStatus conditions:[PodCondition] hostIPs:[HostIP] podIPs:[PodIP] startTime:time
  initContainerStatuses:[ContainerStatus] containerStatuses:[ContainerStatus]
  ephemeralContainerStatuses:[ContainerStatus] resourceClaimStatuses:[PodResourceClaimStatus]
  extendedResourceClaimStatus:PodExtendedResourceClaimStatus allocatedResources:{resources}
  resources:ResourceRequirements
PodTemplate metadata:ObjectMeta={} template:PodTemplateSpec={}
PodTemplateSpec metadata:ObjectMeta={} spec:PodSpec={}
PreferredSchedulingTerm weight=0 preference:NodeSelectorTerm={}
Probe exec:ExecAction httpGet:HTTPGetAction tcpSocket:TCPSocketAction grpc:GRPCAction timeoutSeconds=1
  periodSeconds=10 successThreshold=1 failureThreshold=3 terminationGracePeriodSeconds*
ResourceClaim name=""
ResourceFieldSelector resource="" divisor:quantity=0
ResourceHealth resourceID=""
ResourceRequirements limits:{resources} requests:{resources} claims:[ResourceClaim]
ResourceStatus name="" resources:[ResourceHealth]
SELinuxOptions
SeccompProfile type="" localhostProfile*
SecretEnvSource optional*
SecretKeySelector key="" optional*
SecurityContext capabilities:Capabilities privileged* seLinuxOptions:SELinuxOptions
  windowsOptions:WindowsSecurityContextOptions runAsUser* runAsGroup* runAsNonRoot* readOnlyRootFilesystem*
  allowPrivilegeEscalation* procMount* seccompProfile:SeccompProfile appArmorProfile:AppArmorProfile
SleepAction seconds=0
Sysctl name="" value=""
TCPSocketAction port:intstr=0
Toleration tolerationSeconds*
TopologySpreadConstraint maxSkew=0 topologyKey="" whenUnsatisfiable="" labelSelector:LabelSelector minDomains*
  nodeAffinityPolicy* nodeTaintsPolicy*
VolumeDevice name="" devicePath=""
VolumeMount name="" recursiveReadOnly* mountPath="" mountPropagation*
VolumeMountStatus name="" mountPath="" recursiveReadOnly*
WeightedPodAffinityTerm weight=0 podAffinityTerm:PodAffinityTerm={}
WindowsSecurityContextOptions gmsaCredentialSpecName* gmsaCredentialSpec* runAsUserName* hostProcess*
`;
