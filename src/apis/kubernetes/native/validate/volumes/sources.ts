/** What each volume source needs, for volumes of Pods and for PersistentVolumes alike. */
import { dns1123Label, dns1123Subdomain } from '#kube/names/validate.ts';
import { parseQuantity } from '#kube/quantity/quantity.ts';
import { forbiddenField, invalidValue, requiredValue, tooLong, unsupportedValue } from '#kube/status/causes.ts';
import { type Fields, isFields, itemsOf, textOf } from '../../value.ts';
import { between, type Findings, requireText, texts } from '../findings.ts';
import { checkNoBacksteps } from '../pods/paths.ts';
import { checkConfigMapVolume, checkDownwardVolume, checkProjectedVolume, checkSecretVolume } from './projections.ts';

export type CheckSource = (findings: Findings, path: string, source: Fields) => void;

/** All of these fields are required. */
const needs =
  (...names: readonly string[]): CheckSource =>
  (findings, path, source) => {
    for (const name of names) {
      const value = source[name];
      if (Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== '') continue;
      findings.push(requiredValue(`${path}.${name}`));
    }
  };

const both =
  (...checks: readonly CheckSource[]): CheckSource =>
  (findings, path, source) => {
    for (const check of checks) check(findings, path, source);
  };

const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

const checkHostPath: CheckSource = (findings, path, source) => {
  if (!requireText(findings, `${path}.path`, source.path)) return;
  checkNoBacksteps(findings, `${path}.path`, source.path);
  if (typeof source.type === 'string' && !hostPathTypes.includes(source.type)) {
    findings.push(unsupportedValue(`${path}.type`, source.type, hostPathTypes));
  }
};

const checkEmptyDir: CheckSource = (findings, path, source) => {
  if (typeof source.sizeLimit === 'string' && parseQuantity(source.sizeLimit).nano < 0n) {
    findings.push(forbiddenField(`${path}.sizeLimit`, 'SizeLimit field must be a valid resource quantity'));
  }
};

const checkNfs: CheckSource = (findings, path, source) => {
  needs('server', 'path')(findings, path, source);
  const target = textOf(source.path);
  if (!target.startsWith('/')) findings.push(invalidValue(`${path}.path`, target, 'must be an absolute path'));
};

const partition: CheckSource = (findings, path, source) => {
  if (source.partition !== undefined) between(findings, `${path}.partition`, source.partition, 0, 255);
};

/** Names of CSI drivers, in any case of letters. */
export function checkDriverName(findings: Findings, path: string, name: unknown): void {
  if (!requireText(findings, path, name)) return;
  if (name.length > 63) findings.push(tooLong(path, 63));
  texts(findings, path, name, dns1123Subdomain(name.toLowerCase()));
}

const checkCsi: CheckSource = (findings, path, source) => {
  checkDriverName(findings, `${path}.driver`, source.driver);
  if (!isFields(source.nodePublishSecretRef)) return;
  requireText(findings, `${path}.nodePublishSecretRef.name`, source.nodePublishSecretRef.name);
};

const secretReferences = [
  'controllerPublishSecretRef',
  'controllerExpandSecretRef',
  'nodePublishSecretRef',
  'nodeExpandSecretRef',
];

const checkPersistentCsi: CheckSource = (findings, path, source) => {
  checkDriverName(findings, `${path}.driver`, source.driver);
  needs('volumeHandle')(findings, path, source);
  for (const name of secretReferences) {
    if (isFields(source[name])) needs('name', 'namespace')(findings, `${path}.${name}`, source[name]);
  }
};

const iscsi: CheckSource = (findings, path, source) => {
  needs('targetPortal', 'iqn')(findings, path, source);
  const name = textOf(source.iqn);
  if (name !== '' && !/^(iqn|eui|naa)/.test(name))
    findings.push(invalidValue(`${path}.iqn`, name, 'must be valid format'));
  if (typeof source.lun === 'number') between(findings, `${path}.lun`, source.lun, 0, 255);
  if ((source.chapAuthDiscovery === true || source.chapAuthSession === true) && !isFields(source.secretRef)) {
    findings.push(requiredValue(`${path}.secretRef`));
  }
};

const checkFlocker: CheckSource = (findings, path, source) => {
  const name = textOf(source.datasetName);
  if (name === '' && !source.datasetUUID) {
    findings.push(requiredValue(path, 'one of datasetName and datasetUUID is required'));
  }
  if (name !== '' && source.datasetUUID) {
    findings.push(invalidValue(path, 'resource', 'datasetName and datasetUUID can not be specified simultaneously'));
  }
  if (name.includes('/')) findings.push(invalidValue(`${path}.datasetName`, name, "must not contain '/'"));
};

const checkFibreChannel: CheckSource = (findings, path, source) => {
  const named = itemsOf(source.targetWWNs).length > 0;
  const worldWide = itemsOf(source.wwids).length > 0;
  if (!named && !worldWide) {
    findings.push(requiredValue(`${path}.targetWWNs`, 'must specify either targetWWNs or wwids, but not both'));
  } else if (named && worldWide) {
    const why = 'targetWWNs and wwids can not be specified simultaneously';
    findings.push(invalidValue(`${path}.targetWWNs`, source.targetWWNs, why));
  } else if (named && source.lun === undefined) {
    findings.push(requiredValue(`${path}.lun`, 'lun is required if targetWWNs is specified'));
  }
};

const checkImage: CheckSource = (findings, path, source) => {
  const policies = ['Always', 'IfNotPresent', 'Never'];
  if (source.pullPolicy && !policies.includes(source.pullPolicy as string)) {
    findings.push(unsupportedValue(`${path}.pullPolicy`, source.pullPolicy, policies));
  }
};

const checkStorageOs: CheckSource = (findings, path, source) => {
  const name = textOf(source.volumeName);
  if (name === '') findings.push(requiredValue(`${path}.volumeName`));
  else texts(findings, `${path}.volumeName`, name, dns1123Label(name));
};

const local: CheckSource = (findings, path, source) => {
  if (requireText(findings, `${path}.path`, source.path)) checkNoBacksteps(findings, `${path}.path`, source.path);
};

const shared: Readonly<Record<string, CheckSource>> = {
  hostPath: checkHostPath,
  gcePersistentDisk: both(needs('pdName'), partition),
  awsElasticBlockStore: both(needs('volumeID'), partition),
  nfs: checkNfs,
  iscsi,
  flocker: checkFlocker,
  rbd: needs('monitors', 'image'),
  cinder: needs('volumeID'),
  cephfs: needs('monitors'),
  fc: checkFibreChannel,
  flexVolume: needs('driver'),
  azureFile: needs('secretName', 'shareName'),
  azureDisk: needs('diskName', 'diskURI'),
  vsphereVolume: needs('volumePath'),
  photonPersistentDisk: needs('pdID'),
  portworxVolume: needs('volumeID'),
  quobyte: needs('registry', 'volume'),
  scaleIO: needs('gateway', 'system', 'volumeName'),
  storageos: checkStorageOs,
  glusterfs: needs('endpoints', 'path'),
};

/** Sources of a Pod's volumes by field; those with rules that need the Pod are in pods/volumes.ts. */
export const podSources: Readonly<Record<string, CheckSource>> = {
  emptyDir: checkEmptyDir,
  ...shared,
  gitRepo: needs('repository'),
  secret: checkSecretVolume,
  configMap: checkConfigMapVolume,
  downwardAPI: checkDownwardVolume,
  projected: checkProjectedVolume,
  persistentVolumeClaim: needs('claimName'),
  csi: checkCsi,
  image: checkImage,
};

export const persistentSources: Readonly<Record<string, CheckSource>> = { ...shared, local, csi: checkPersistentCsi };
