/** What each volume source needs, for volumes of Pods and for PersistentVolumes alike. */
import { dns1123Label, dns1123Subdomain } from '#kube/names/validate.ts';
import { parseQuantity } from '#kube/quantity/quantity.ts';
import { forbiddenField, requiredValue, tooLong, unsupportedValue } from '#kube/status/causes.ts';
import { type Fields, isFields } from '../../value.ts';
import { type Findings, requireText, texts } from '../findings.ts';
import { checkNoBacksteps } from '../pods/paths.ts';
import { checkConfigMapVolume, checkDownwardVolume, checkProjectedVolume, checkSecretVolume } from './projections.ts';
import { type CheckSource, needs, persistentSystems, systems } from './storage-systems.ts';

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

const checkSecretReference: CheckSource = (findings, path, { name, namespace }) => {
  if (requireText(findings, `${path}.name`, name)) texts(findings, `${path}.name`, name, dns1123Subdomain(name));
  if (requireText(findings, `${path}.namespace`, namespace)) {
    texts(findings, `${path}.namespace`, namespace, dns1123Label(namespace));
  }
};

const checkPersistentCsi: CheckSource = (findings, path, source) => {
  checkDriverName(findings, `${path}.driver`, source.driver);
  needs('volumeHandle')(findings, path, source);
  for (const name of secretReferences) {
    if (isFields(source[name])) checkSecretReference(findings, `${path}.${name}`, source[name]);
  }
};

const checkImage: CheckSource = (findings, path, source) => {
  const policies = ['Always', 'IfNotPresent', 'Never'];
  // In a template somebody else may fill it in.
  if (path.startsWith('spec.volumes')) needs('reference')(findings, path, source);
  if (source.pullPolicy && !policies.includes(source.pullPolicy as string)) {
    findings.push(unsupportedValue(`${path}.pullPolicy`, source.pullPolicy, policies));
  }
};

/** A disk of one node says which. */
const localOf =
  (spec: Fields): CheckSource =>
  (findings, path, source) => {
    if (requireText(findings, `${path}.path`, source.path)) checkNoBacksteps(findings, `${path}.path`, source.path);
    if (isFields(spec.nodeAffinity)) return;
    findings.push(requiredValue('spec.nodeAffinity', 'Local volume requires node affinity'));
  };

const podChecks: Readonly<Record<string, CheckSource>> = {
  ...systems,
  emptyDir: checkEmptyDir,
  hostPath: checkHostPath,
  gitRepo: needs('repository'),
  secret: checkSecretVolume,
  configMap: checkConfigMapVolume,
  downwardAPI: checkDownwardVolume,
  projected: checkProjectedVolume,
  persistentVolumeClaim: needs('claimName'),
  csi: checkCsi,
  image: checkImage,
};

const persistentChecks: Readonly<Record<string, CheckSource>> = {
  ...persistentSystems,
  hostPath: checkHostPath,
  csi: checkPersistentCsi,
};

/** In the order kube-apiserver looks at them: the first counts, the others are one too many. */
const podOrder = (
  'emptyDir hostPath gitRepo gcePersistentDisk awsElasticBlockStore secret nfs iscsi glusterfs flocker ' +
  'persistentVolumeClaim rbd cinder cephfs quobyte downwardAPI fc flexVolume configMap azureFile vsphereVolume ' +
  'photonPersistentDisk portworxVolume azureDisk storageos projected scaleIO csi ephemeral image'
).split(' ');
const persistentOrder = (
  'hostPath gcePersistentDisk awsElasticBlockStore glusterfs flocker nfs rbd quobyte cephfs iscsi cinder fc ' +
  'flexVolume azureFile vsphereVolume photonPersistentDisk portworxVolume azureDisk scaleIO local storageos csi'
).split(' ');

/** Fields of PersistentVolumes that are sources. */
export const persistentSources: readonly string[] = persistentOrder;

/** Names that findings have in place of the field's, as the real ones. */
const otherNames: Readonly<Record<string, string>> = { gcePersistentDisk: 'persistentDisk' };
const otherNamesOfMore: Readonly<Record<string, string>> = { cephfs: 'cephFS', downwardAPI: 'downwarAPI' };

/** Exactly one source. `ephemeral` checks what only a Pod can tell. */
export function checkPodSource(findings: Findings, path: string, volume: Fields, ephemeral: CheckSource): void {
  checkOneSource(findings, path, volume, podOrder, { ...podChecks, ephemeral });
}

export function checkPersistentSource(findings: Findings, path: string, spec: Fields): void {
  const checks = { ...persistentChecks, local: localOf(spec) };
  checkOneSource(findings, path, spec, persistentOrder, checks);
}

function checkOneSource(
  findings: Findings,
  path: string,
  volume: Fields,
  order: readonly string[],
  checks: Readonly<Record<string, CheckSource>>,
): void {
  let found = false;
  for (const name of order) {
    const source = volume[name];
    if (!isFields(source)) continue;
    if (found && !(name === 'flexVolume' && order === persistentOrder)) {
      findings.push(
        forbiddenField(`${path}.${otherNamesOfMore[name] ?? name}`, 'may not specify more than 1 volume type'),
      );
    } else checks[name]!(findings, `${path}.${otherNames[name] ?? name}`, source);
    found = true;
  }
  if (!found) findings.push(requiredValue(path, 'must specify a volume type'));
}
