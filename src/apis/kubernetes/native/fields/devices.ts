/** Dynamic resource allocation. Notation: ./notation.ts. */
export const devices = `
[resource.k8s.io/v1]
AllocatedDeviceStatus driver="" pool="" device="" shareID* conditions:[Condition]=null data:raw
  networkData:NetworkDeviceData
AllocationResult devices:DeviceAllocationResult={} nodeSelector:NodeSelector allocationTimestamp:time
CELDeviceSelector expression=""
CapacityRequestPolicy default:quantity=null validValues:[quantity] validRange:CapacityRequestPolicyRange
CapacityRequestPolicyRange min:quantity max:quantity step:quantity
CapacityRequirements requests:{quantity}
Counter value:quantity=0
CounterSet name="" counters:{Counter}
Device name="" attributes:{DeviceAttribute} capacity:{DeviceCapacity} consumesCounters:[DeviceCounterConsumption]
  nodeName* nodeSelector:NodeSelector allNodes* taints:[DeviceTaint] bindsToNode* allowMultipleAllocations*
DeviceAllocationConfiguration source="" opaque:OpaqueDeviceConfiguration
DeviceAllocationResult results:[DeviceRequestAllocationResult] config:[DeviceAllocationConfiguration]
DeviceAttribute int* bool* string* version*
DeviceCapacity value:quantity=0 requestPolicy:CapacityRequestPolicy
DeviceClaim requests:[DeviceRequest]=null constraints:[DeviceConstraint] config:[DeviceClaimConfiguration]
DeviceClaimConfiguration opaque:OpaqueDeviceConfiguration
DeviceClass metadata:ObjectMeta={} spec:DeviceClassSpec={}
DeviceClassConfiguration opaque:OpaqueDeviceConfiguration
DeviceClassSpec selectors:[DeviceSelector] config:[DeviceClassConfiguration] extendedResourceName*
DeviceConstraint matchAttribute* distinctAttribute*
DeviceCounterConsumption counterSet="" counters:{Counter}
DeviceRequest name="" exactly:ExactDeviceRequest firstAvailable:[DeviceSubRequest]
DeviceRequestAllocationResult request="" driver="" pool="" device="" adminAccess* tolerations:[DeviceToleration]
  shareID* consumedCapacity:{quantity}
DeviceSelector cel:CELDeviceSelector
DeviceSubRequest name="" deviceClassName="" selectors:[DeviceSelector] allocationMode=ExactCount
  tolerations:[DeviceToleration] capacity:CapacityRequirements
DeviceTaint key="" effect="" timeAdded:time
DeviceToleration operator=Equal tolerationSeconds*
ExactDeviceRequest deviceClassName="" selectors:[DeviceSelector] allocationMode=ExactCount adminAccess*
  tolerations:[DeviceToleration] capacity:CapacityRequirements
NetworkDeviceData
OpaqueDeviceConfiguration driver="" parameters:raw=null
ResourceClaim metadata:ObjectMeta={} spec:ResourceClaimSpec={} status:ResourceClaimStatus={}
ResourceClaimConsumerReference resource="" name="" uid=""
ResourceClaimSpec devices:DeviceClaim={}
ResourceClaimStatus allocation:AllocationResult reservedFor:[ResourceClaimConsumerReference]
  devices:[AllocatedDeviceStatus]
ResourceClaimTemplate metadata:ObjectMeta={} spec:ResourceClaimTemplateSpec={}
ResourceClaimTemplateSpec metadata:ObjectMeta={} spec:ResourceClaimSpec={}
ResourcePool name="" generation=0 resourceSliceCount=0
ResourceSlice metadata:ObjectMeta={} spec:ResourceSliceSpec={}
ResourceSliceSpec driver="" pool:ResourcePool={} nodeName* nodeSelector:NodeSelector allNodes* devices:[Device]
  perDeviceNodeSelection* sharedCounters:[CounterSet]
`;
