/** What storage systems outside the cluster need: network disks, file servers and the disks of clouds. */
import { dns1123Label } from '#kube/names/validate.ts';
import { invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import { type Fields, fieldsOf, isFields, itemsOf, textOf } from '../../value.ts';
import { between, type Findings, requireOneOf, texts } from '../findings.ts';

export type CheckSource = (findings: Findings, path: string, source: Fields) => void;

/** All of these fields are required. */
export const needs =
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

/** The text starts at one, the check at zero. */
const partition: CheckSource = (findings, path, source) => {
  const number = Number(source.partition ?? 0);
  if (number >= 0 && number <= 255) return;
  findings.push(invalidValue(`${path}.partition`, number, 'must be between 1 and 255, inclusive'));
};

const checkNfs: CheckSource = (findings, path, source) => {
  needs('server', 'path')(findings, path, source);
  const target = textOf(source.path);
  if (!target.startsWith('/')) findings.push(invalidValue(`${path}.path`, target, 'must be an absolute path'));
};

/** Names of initiators and targets by their first three letters. */
const initiatorNames: Readonly<Record<string, RegExp>> = {
  iqn: /iqn\.\d{4}-\d{2}\.[A-Za-z0-9.-]+:[^,;*&$|\s]+$/,
  eui: /^eui.[A-Za-z0-9]{16}$/,
  naa: /^naa.[A-Za-z0-9]{32}$/,
};

function checkInitiator(findings: Findings, path: string, name: string, start: string): void {
  const pattern = initiatorNames[name.slice(0, 3)];
  if (pattern === undefined) findings.push(invalidValue(path, name, `must be valid format${start}`));
  else if (!pattern.test(name)) findings.push(invalidValue(path, name, 'must be valid format'));
}

const iscsi =
  (start: string): CheckSource =>
  (findings, path, source) => {
    needs('targetPortal', 'iqn')(findings, path, source);
    if (source.iqn) checkInitiator(findings, `${path}.iqn`, textOf(source.iqn), start);
    between(findings, `${path}.lun`, source.lun, 0, 255);
    if ((source.chapAuthDiscovery === true || source.chapAuthSession === true) && !isFields(source.secretRef)) {
      findings.push(requiredValue(`${path}.secretRef`));
    }
    if (typeof source.initiatorName === 'string') {
      checkInitiator(findings, `${path}.initiatorname`, source.initiatorName, start);
    }
  };

const persistentIscsi: CheckSource = (findings, path, source) => {
  iscsi('')(findings, path, source);
  if (isFields(source.secretRef)) needs('name')(findings, `${path}.secretRef`, source.secretRef);
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

const fibreChannel: CheckSource = (findings, path, source) => {
  const named = itemsOf(source.targetWWNs).length > 0;
  const worldWide = itemsOf(source.wwids).length > 0;
  if (!named && !worldWide) {
    findings.push(requiredValue(`${path}.targetWWNs`, 'must specify either targetWWNs or wwids, but not both'));
  } else if (named && worldWide) {
    const why = 'targetWWNs and wwids can not be specified simultaneously';
    findings.push(invalidValue(`${path}.targetWWNs`, source.targetWWNs, why));
  }
  if (!named) return;
  if (source.lun === undefined) {
    findings.push(requiredValue(`${path}.lun`, 'lun is required if targetWWNs is specified'));
  } else between(findings, `${path}.lun`, source.lun, 0, 255);
};

const persistentStorageOs: CheckSource = (findings, path, source) => {
  needs('volumeName')(findings, path, source);
  for (const name of ['volumeName', 'volumeNamespace']) {
    const value = textOf(source[name]);
    if (value !== '') texts(findings, `${path}.${name}`, value, dns1123Label(value));
  }
  if (isFields(source.secretRef)) needs('name', 'namespace')(findings, `${path}.secretRef`, source.secretRef);
};

const storageOs: CheckSource = (findings, path, source) => {
  const { secretRef, ...rest } = source;
  persistentStorageOs(findings, path, rest);
  if (isFields(secretRef)) needs('name')(findings, `${path}.secretRef`, secretRef);
};

const quobyte: CheckSource = (findings, path, source) => {
  const why = 'must be a host:port pair or multiple pairs separated by commas';
  const registry = textOf(source.registry);
  if (registry === '') findings.push(requiredValue(`${path}.registry`, why));
  else if (textOf(source.tenant).length > 64) {
    const long = 'must be a UUID and may not exceed a length of 64 characters';
    findings.push(requiredValue(`${path}.tenant`, long));
  } else {
    for (const pair of registry.split(',')) {
      if (!/^([^:[\]]*|\[[^[\]]*\]):[^:[\]]*$/.test(pair)) {
        findings.push(invalidValue(`${path}.registry`, registry, why));
      }
    }
  }
  needs('volume')(findings, path, source);
};

const managedDisks = [
  '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}',
];
const blobDisks = ['https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd'];

const azureDisk: CheckSource = (findings, path, source) => {
  needs('diskName', 'diskURI')(findings, path, source);
  const { cachingMode, kind } = source;
  const uri = textOf(source.diskURI);
  if (cachingMode !== undefined) {
    requireOneOf(findings, `${path}.cachingMode`, cachingMode, ['None', 'ReadOnly', 'ReadWrite']);
  }
  if (kind === undefined) return;
  requireOneOf(findings, `${path}.kind`, kind, ['Dedicated', 'Managed', 'Shared']);
  const managed = kind === 'Managed';
  if (uri.startsWith(managed ? '/subscriptions/' : 'https://')) return;
  findings.push(unsupportedValue(`${path}.diskURI`, uri, managed ? managedDisks : blobDisks));
};

const flexVolume: CheckSource = (findings, path, source) => {
  needs('driver')(findings, path, source);
  for (const key in fieldsOf(source.options)) {
    const domain = `.${(key.includes('/') ? key.slice(0, key.indexOf('/')) : key).toLowerCase()}`;
    if (!domain.endsWith('.kubernetes.io') && !domain.endsWith('.k8s.io')) continue;
    const why = 'kubernetes.io and k8s.io namespaces are reserved';
    findings.push(invalidValue(`${path}.options[${key}]`, key, why));
  }
};

const persistentGlusterfs: CheckSource = (findings, path, source) => {
  needs('endpoints', 'path')(findings, path, source);
  const namespace = source.endpointsNamespace;
  const at = `${path}.endpointsNamespace`;
  if (namespace === '') {
    const why = 'if the endpointnamespace is set, it must be a valid namespace name';
    findings.push(invalidValue(at, namespace, why));
  } else if (typeof namespace === 'string') texts(findings, at, namespace, dns1123Label(namespace));
};

const persistentCinder: CheckSource = (findings, path, source) => {
  needs('volumeID')(findings, path, source);
  if (isFields(source.secretRef)) needs('name', 'namespace')(findings, `${path}.secretRef`, source.secretRef);
};

const persistentAzureFile: CheckSource = (findings, path, source) => {
  needs('secretName', 'shareName')(findings, path, source);
  if (source.secretNamespace === '') findings.push(requiredValue(`${path}.secretNamespace`));
};

/** Of volumes in Pods. */
export const systems: Readonly<Record<string, CheckSource>> = {
  gcePersistentDisk: both(needs('pdName'), partition),
  awsElasticBlockStore: both(needs('volumeID'), partition),
  nfs: checkNfs,
  iscsi: iscsi(' starting with iqn, eui, or naa'),
  flocker: checkFlocker,
  rbd: needs('monitors', 'image'),
  cinder: needs('volumeID'),
  cephfs: needs('monitors'),
  fc: fibreChannel,
  flexVolume,
  azureFile: needs('secretName', 'shareName'),
  azureDisk,
  vsphereVolume: needs('volumePath'),
  photonPersistentDisk: needs('pdID'),
  portworxVolume: needs('volumeID'),
  quobyte,
  scaleIO: needs('gateway', 'system', 'volumeName'),
  storageos: storageOs,
  glusterfs: needs('endpoints', 'path'),
};

/** Of PersistentVolumes. */
export const persistentSystems: Readonly<Record<string, CheckSource>> = {
  ...systems,
  iscsi: persistentIscsi,
  cinder: persistentCinder,
  azureFile: persistentAzureFile,
  storageos: persistentStorageOs,
  glusterfs: persistentGlusterfs,
};
