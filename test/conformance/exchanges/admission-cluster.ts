/** What admission says beside Pods: namespaces that end, storage, default classes, nodes, certificates. */
import type { Anything } from '#harness/kubectl.ts';
import { admissionHand } from './admission-hand.ts';
import type { Hand, Script } from './hand.ts';
import { configMap } from './samples.ts';

async function lifecycle(hand: Hand): Promise<void> {
  const to = admissionHand(hand);
  const spaces = '/api/v1/namespaces';
  const inside = (name: string, resource: string) => `${spaces}/${name}/${resource}`;
  await to.post(inside('nowhere', 'configmaps'), configMap('a', {}));
  await to.remove(`${spaces}/default`);
  await to.remove(`${spaces}/kube-system`);
  await to.remove(`${spaces}/kube-public`);
  const ending = `${hand.namespace}-ending`;
  await to.post(spaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: ending } });
  await to.until(201, inside(ending, 'configmaps'), configMap('waiting', {}));
  await to.post(inside(ending, 'configmaps'), configMap('old', {}));
  await to.remove(`${spaces}/${ending}`);
  await to.until(403, inside(ending, 'configmaps'), configMap('waiting', {}));
  await to.post(inside(ending, 'configmaps'), configMap('new', {}));
  await to.post(inside(ending, 'configmaps'), { ...configMap('', {}), metadata: { generateName: 'some-' } });
  await to.change(inside(ending, 'configmaps/old'), { data: { still: 'changes' } });
  await to.until(201, '/apis/authorization.k8s.io/v1/namespaces/nowhere/localsubjectaccessreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'LocalSubjectAccessReview',
    metadata: { namespace: 'nowhere' },
    spec: { user: 'nobody', resourceAttributes: { namespace: 'nowhere', verb: 'get', resource: 'pods' } },
  });
  await to.remove(inside(ending, 'configmaps/old'));
}

async function storage(hand: Hand): Promise<void> {
  const to = admissionHand(hand);
  const [claims, classes] = [to.within('persistentvolumeclaims'), '/apis/storage.k8s.io/v1/storageclasses'];
  const claim = (name: string, spec: Anything = {}) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
  });
  const storageClass = (name: string, isDefault: boolean, more: Anything = {}) => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name, annotations: { 'storageclass.kubernetes.io/is-default-class': String(isDefault) } },
    provisioner: 'example.com/none',
    ...more,
  });
  await to.post(claims, claim('classless'));
  await to.post(classes, storageClass('script-default', true, { allowVolumeExpansion: true }));
  await to.post(classes, storageClass('script-fixed', false));
  await to.until(201, claims, claim('waiting', { storageClassName: 'script-fixed' }));
  await to.post(claims, claim('empty', { storageClassName: '' }));
  await to.post(claims, claim('fixed', { storageClassName: 'script-fixed', volumeName: 'v' }));
  const grow = { spec: { resources: { requests: { storage: '2Gi' } } } };
  await to.change(`${claims}/fixed`, grow);
  await to.change(`${claims}/fixed/status`, { status: { phase: 'Bound' } });
  await to.change(`${claims}/fixed`, grow);
  await to.post(claims, claim('grows', { storageClassName: 'script-default', volumeName: 'w' }));
  await to.change(`${claims}/grows/status`, { status: { phase: 'Bound', capacity: { storage: '1Gi' } } });
  await to.change(`${claims}/grows`, grow);
  await to.change(`${claims}/grows`, { spec: { resources: { requests: { storage: '1Mi' } } } });
  await to.post('/api/v1/persistentvolumes', {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'script-volume' },
    spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/x' } },
  });
  await to.remove('/api/v1/persistentvolumes/script-volume');
  await to.change('/api/v1/persistentvolumes/script-volume', { metadata: { finalizers: null } });
  await to.remove(`${classes}/script-default`);
  await to.remove(`${classes}/script-fixed`);
}

async function certificates(hand: Hand): Promise<void> {
  const to = admissionHand(hand);
  const requests = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
  const signing = (name: string, signerName: string, request: string) => ({
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name },
    spec: { signerName, request, usages: ['client auth'] },
  });
  await to.post(requests, signing('script-masters', 'kubernetes.io/kube-apiserver-client', mastersRequest));
}

/** For CN=admin, O=system:masters, by openssl. */
const mastersRequest =
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIa01JR0xBZ0VBTUNreEZ6QVZCZ05WQkFvTURuTjVjM1JsYlRw' +
  'dFlYTjBaWEp6TVE0d0RBWURWUVFEREFWaApaRzFwYmpCWk1CTUdCeXFHU000OUFnRUdDQ3FHU000OUF3RUhBMElBQkR6Vis5NkxZ' +
  'SGlLMWxxbEIvaXFkdHlSClRUYkJnd21sWFQrcTBwdVZuV2I2RSs5NFN1YUY2SUkrNXZna0Q0TEk0TjFtWHpuNnZORW0vQ3dJaGZL' +
  'USt3R2cKQURBS0JnZ3Foa2pPUFFRREFnTklBREJGQWlFQWdLTWtPNzVKc1dsY2ZTc1g4SHZsQWQ1TDQvMk5rV0FrNUUybgp5WVQ4' +
  'NHJZQ0lGNitmYlpNTzhjdWRiUDkzcHZNcU50dTR2M2E3aENkOTdPQkpFTFNtU05wCi0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVF' +
  'U1QtLS0tLQo=';

async function nodes(hand: Hand): Promise<void> {
  const to = admissionHand(hand);
  const all = '/api/v1/nodes';
  const node = (name: string, spec: Anything = {}) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name }, spec });
  await to.post(all, node('script-new'));
  const taint = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule', value: 'x' };
  await to.post(all, node('script-tainted', { taints: [taint] }));
  await to.remove(`${all}/script-new`);
  await to.remove(`${all}/script-tainted`);
}

export const clusterScripts: readonly Script[] = [
  { name: 'admission-lifecycle', run: lifecycle },
  { name: 'admission-storage', run: storage },
  { name: 'admission-certificates', run: certificates },
  { name: 'admission-nodes', run: nodes },
];
