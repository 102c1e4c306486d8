/** Volumes, PersistentVolumes and their claims. Notation: ./notation.ts. */
export const coreVolumes = `
[v1]
AWSElasticBlockStoreVolumeSource volumeID=""
AzureDiskVolumeSource diskName="" diskURI="" cachingMode*=ReadWrite fsType*=ext4 readOnly*=false kind*=Shared
AzureFilePersistentVolumeSource secretName="" shareName="" secretNamespace*=null
AzureFileVolumeSource secretName="" shareName=""
CSIPersistentVolumeSource driver="" volumeHandle="" controllerPublishSecretRef:SecretReference
  nodeStageSecretRef:SecretReference nodePublishSecretRef:SecretReference controllerExpandSecretRef:SecretReference
  nodeExpandSecretRef:SecretReference
CSIVolumeSource driver="" readOnly* fsType* nodePublishSecretRef:LocalObjectReference
CephFSPersistentVolumeSource monitors:[]=null secretRef:SecretReference
CephFSVolumeSource monitors:[]=null secretRef:LocalObjectReference
CinderPersistentVolumeSource volumeID="" secretRef:SecretReference
CinderVolumeSource volumeID="" secretRef:LocalObjectReference
ClusterTrustBundleProjection name* signerName* labelSelector:LabelSelector optional* path=""
ConfigMapProjection items:[KeyToPath] optional*
ConfigMapVolumeSource items:[KeyToPath] defaultMode*=420 optional*
DownwardAPIProjection items:[DownwardAPIVolumeFile]
DownwardAPIVolumeFile path="" fieldRef:ObjectFieldSelector resourceFieldRef:ResourceFieldSelector mode*
DownwardAPIVolumeSource items:[DownwardAPIVolumeFile] defaultMode*=420
EmptyDirVolumeSource sizeLimit:quantity
EphemeralVolumeSource volumeClaimTemplate:PersistentVolumeClaimTemplate
FCVolumeSource lun*
FlexPersistentVolumeSource driver="" secretRef:SecretReference
FlexVolumeSource driver="" secretRef:LocalObjectReference
FlockerVolumeSource
GCEPersistentDiskVolumeSource pdName=""
GitRepoVolumeSource repository=""
GlusterfsPersistentVolumeSource endpoints="" path="" endpointsNamespace*
GlusterfsVolumeSource endpoints="" path=""
HostPathVolumeSource path="" type*=""
ISCSIPersistentVolumeSource targetPortal="" iqn="" lun=0 iscsiInterface=default secretRef:SecretReference
  initiatorName*
ISCSIVolumeSource targetPortal="" iqn="" lun=0 iscsiInterface=default secretRef:LocalObjectReference initiatorName*
ImageVolumeSource
KeyToPath key="" path="" mode*
LocalObjectReference
LocalVolumeSource path="" fsType*
ModifyVolumeStatus status=""
NFSVolumeSource server="" path=""
PersistentVolume metadata:ObjectMeta={} spec:PersistentVolumeSpec={} status:PersistentVolumeStatus={}
PersistentVolumeClaim metadata:ObjectMeta={} spec:PersistentVolumeClaimSpec={} status:PersistentVolumeClaimStatus={}
PersistentVolumeClaimCondition type="" status="" lastProbeTime:time=null lastTransitionTime:time=null
PersistentVolumeClaimSpec selector:LabelSelector resources:VolumeResourceRequirements={} storageClassName*
  volumeMode*=Filesystem dataSource:TypedLocalObjectReference dataSourceRef:TypedObjectReference
  volumeAttributesClassName*
PersistentVolumeClaimStatus phase=Pending capacity:{resources} conditions:[PersistentVolumeClaimCondition]
  allocatedResources:{resources} currentVolumeAttributesClassName* modifyVolumeStatus:ModifyVolumeStatus
PersistentVolumeClaimTemplate metadata:ObjectMeta={} spec:PersistentVolumeClaimSpec={}
PersistentVolumeClaimVolumeSource claimName=""
PersistentVolumeSpec capacity!:{resources} gcePersistentDisk:GCEPersistentDiskVolumeSource
  awsElasticBlockStore:AWSElasticBlockStoreVolumeSource hostPath:HostPathVolumeSource
  glusterfs:GlusterfsPersistentVolumeSource nfs:NFSVolumeSource rbd:RBDPersistentVolumeSource
  iscsi:ISCSIPersistentVolumeSource cinder:CinderPersistentVolumeSource cephfs:CephFSPersistentVolumeSource
  fc:FCVolumeSource flocker:FlockerVolumeSource flexVolume:FlexPersistentVolumeSource
  azureFile:AzureFilePersistentVolumeSource vsphereVolume:VsphereVirtualDiskVolumeSource quobyte:QuobyteVolumeSource
  azureDisk:AzureDiskVolumeSource photonPersistentDisk:PhotonPersistentDiskVolumeSource
  portworxVolume:PortworxVolumeSource scaleIO:ScaleIOPersistentVolumeSource local:LocalVolumeSource
  storageos:StorageOSPersistentVolumeSource csi:CSIPersistentVolumeSource claimRef:ObjectReference
  persistentVolumeReclaimPolicy=Retain volumeMode*=Filesystem nodeAffinity:VolumeNodeAffinity
  volumeAttributesClassName*
PersistentVolumeStatus phase=Pending lastPhaseTransitionTime:time
PhotonPersistentDiskVolumeSource pdID=""
PodCertificateProjection maxExpirationSeconds*
PortworxVolumeSource volumeID=""
ProjectedVolumeSource sources:[VolumeProjection]=null defaultMode*=420
QuobyteVolumeSource registry="" volume=""
RBDPersistentVolumeSource monitors:[]=null image="" pool=rbd user=admin keyring=/etc/ceph/keyring
  secretRef:SecretReference
RBDVolumeSource monitors:[]=null image="" pool=rbd user=admin keyring=/etc/ceph/keyring
  secretRef:LocalObjectReference
ScaleIOPersistentVolumeSource gateway="" system="" secretRef:SecretReference=null storageMode=ThinProvisioned
  fsType=xfs
ScaleIOVolumeSource gateway="" system="" secretRef:LocalObjectReference=null storageMode=ThinProvisioned fsType=xfs
SecretProjection items:[KeyToPath] optional*
SecretReference
SecretVolumeSource items:[KeyToPath] defaultMode*=420 optional*
ServiceAccountTokenProjection expirationSeconds*=3600 path=""
StorageOSPersistentVolumeSource secretRef:ObjectReference
StorageOSVolumeSource secretRef:LocalObjectReference
TypedLocalObjectReference apiGroup*=null kind="" name=""
TypedObjectReference apiGroup*=null kind="" name="" namespace*
Volume name="" hostPath:HostPathVolumeSource emptyDir:EmptyDirVolumeSource
  gcePersistentDisk:GCEPersistentDiskVolumeSource awsElasticBlockStore:AWSElasticBlockStoreVolumeSource
  gitRepo:GitRepoVolumeSource secret:SecretVolumeSource nfs:NFSVolumeSource iscsi:ISCSIVolumeSource
  glusterfs:GlusterfsVolumeSource persistentVolumeClaim:PersistentVolumeClaimVolumeSource rbd:RBDVolumeSource
  flexVolume:FlexVolumeSource cinder:CinderVolumeSource cephfs:CephFSVolumeSource flocker:FlockerVolumeSource
  downwardAPI:DownwardAPIVolumeSource fc:FCVolumeSource azureFile:AzureFileVolumeSource
  configMap:ConfigMapVolumeSource vsphereVolume:VsphereVirtualDiskVolumeSource quobyte:QuobyteVolumeSource
  azureDisk:AzureDiskVolumeSource photonPersistentDisk:PhotonPersistentDiskVolumeSource
  projected:ProjectedVolumeSource portworxVolume:PortworxVolumeSource scaleIO:ScaleIOVolumeSource
  storageos:StorageOSVolumeSource csi:CSIVolumeSource ephemeral:EphemeralVolumeSource image:ImageVolumeSource
VolumeNodeAffinity required:NodeSelector
VolumeProjection secret:SecretProjection downwardAPI:DownwardAPIProjection configMap:ConfigMapProjection
  serviceAccountToken:ServiceAccountTokenProjection clusterTrustBundle:ClusterTrustBundleProjection
  podCertificate:PodCertificateProjection
VolumeResourceRequirements limits:{resources} requests:{resources}
VsphereVirtualDiskVolumeSource volumePath=""
`;
