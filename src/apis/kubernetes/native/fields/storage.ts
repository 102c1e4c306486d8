/** Storage classes, CSI drivers and attachments. Notation: ./notation.ts. */
export const storage = `
[storage.k8s.io/v1]
CSIDriver metadata:ObjectMeta={} spec:CSIDriverSpec={}
CSIDriverSpec attachRequired*=true podInfoOnMount*=false volumeLifecycleModes:[]=["Persistent"]
  storageCapacity*=false fsGroupPolicy*=ReadWriteOnceWithFSType tokenRequests:[TokenRequest]
  requiresRepublish*=false seLinuxMount*=false nodeAllocatableUpdatePeriodSeconds* serviceAccountTokenInSecrets*
CSINode metadata:ObjectMeta={} spec:CSINodeSpec={}
CSINodeDriver name="" nodeID="" topologyKeys:[]=null allocatable:VolumeNodeResources
CSINodeSpec drivers:[CSINodeDriver]=null
CSIStorageCapacity metadata:ObjectMeta={} nodeTopology:LabelSelector storageClassName="" capacity:quantity
  maximumVolumeSize:quantity
StorageClass metadata:ObjectMeta={} provisioner="" reclaimPolicy*=Delete allowVolumeExpansion*
  volumeBindingMode*=Immediate allowedTopologies:[TopologySelectorTerm]
TokenRequest audience="" expirationSeconds*
VolumeAttachment metadata:ObjectMeta={} spec:VolumeAttachmentSpec={} status:VolumeAttachmentStatus={}
VolumeAttachmentSource persistentVolumeName* inlineVolumeSpec:PersistentVolumeSpec
VolumeAttachmentSpec attacher="" source:VolumeAttachmentSource={} nodeName=""
VolumeAttachmentStatus attached=false attachError:VolumeError detachError:VolumeError
VolumeAttributesClass metadata:ObjectMeta={} driverName=""
VolumeError time:time=null errorCode*
VolumeNodeResources count*
`;
