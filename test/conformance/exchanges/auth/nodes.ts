/** What a node may read and write, and what it may not. */
import type { Anything } from '#harness/kubectl.ts';
import type { Hand, Script } from '../hand.ts';
import { configMap, object } from '../samples.ts';
import { as, asking, inCore } from './asking.ts';

/** As new nodes are: a real server adds the taint where it is missing. */
const nodeCalled = (name: string): Anything =>
  object('v1', 'Node', name, { spec: { taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }] } });

async function nodes(hand: Hand): Promise<void> {
  const { get, post, put, merge, remove, settled } = asking(hand);
  const { namespace } = hand;
  const own = `${namespace}-one`;
  const other = `${namespace}-two`;
  const node = as(`system:node:${own}`, 'system:nodes', 'system:authenticated');
  const secrets = inCore(namespace, 'secrets');
  const maps = inCore(namespace, 'configmaps');
  const pods = inCore(namespace, 'pods');
  for (const name of ['mounted', 'pulled', 'environment', 'unrelated']) {
    await post(secrets, object('v1', 'Secret', name));
    await post(maps, configMap(name, {}));
  }
  await post(inCore(namespace, 'serviceaccounts'), object('v1', 'ServiceAccount', 'robot'));
  await post(inCore(namespace, 'serviceaccounts'), object('v1', 'ServiceAccount', 'idle'));
  await post('/api/v1/nodes', nodeCalled(other));
  // Its own object.
  await post('/api/v1/nodes', nodeCalled(own), node);
  await post('/api/v1/nodes', nodeCalled(`${namespace}-three`), node);
  settled();
  const pod = (name: string, nodeName: string | undefined): Anything => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      ...(nodeName ? { nodeName } : {}),
      serviceAccountName: 'robot',
      automountServiceAccountToken: false,
      imagePullSecrets: [{ name: 'pulled' }],
      volumes: [
        { name: 's', secret: { secretName: 'mounted' } },
        { name: 'c', configMap: { name: 'mounted' } },
        { name: 'p', persistentVolumeClaim: { claimName: 'claim' } },
      ],
      containers: [
        {
          name: 'main',
          image: 'nginx:1.27',
          env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'environment', key: 'a' } } }],
          envFrom: [{ configMapRef: { name: 'environment' } }],
        },
      ],
    },
  });
  await post(inCore(namespace, 'persistentvolumeclaims'), {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'claim' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      volumeName: `${namespace}-volume`,
      resources: { requests: { storage: '1Gi' } },
    },
  });
  await post('/apis/storage.k8s.io/v1/csidrivers', {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    metadata: { name: `${namespace}.csi` },
    spec: { tokenRequests: [{ audience: 'vault' }], serviceAccountTokenInSecrets: true },
  });
  await post('/api/v1/persistentvolumes', {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `${namespace}-volume` },
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '1Gi' },
      csi: { driver: `${namespace}.csi`, volumeHandle: 'x', nodePublishSecretRef: { name: 'published', namespace } },
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name: 'claim' },
    },
  });
  await post(secrets, object('v1', 'Secret', 'published'));
  const here = await post(pods, pod('here', own));
  await post(pods, pod('there', other));
  await post(pods, pod('nowhere', undefined));
  settled();
  for (const name of ['mounted', 'pulled', 'environment', 'published', 'unrelated', 'gone']) {
    await get(`${secrets}/${name}`, node);
    await get(`${maps}/${name}`, node);
  }
  await get(secrets, node);
  await get(`${secrets}?fieldSelector=metadata.name%3Dmounted&labelSelector=none%3Dsuch`, node);
  await get(`${maps}?fieldSelector=metadata.name%3Dunrelated`, node);
  await get('/api/v1/secrets', node);
  await remove(`${secrets}/mounted`, node);
  await get(`${inCore(namespace, 'persistentvolumeclaims')}/claim`, node);
  await get(`/api/v1/persistentvolumes/${namespace}-volume`, node);
  await get('/api/v1/persistentvolumes/other', node);
  await get(`${inCore(namespace, 'serviceaccounts')}/robot`, node);
  await get(`${inCore(namespace, 'serviceaccounts')}/idle`, node);
  // Nodes and pods.
  await get(`/api/v1/nodes/${own}`, node);
  await get(`/api/v1/nodes/${other}`, node);
  await get('/api/v1/nodes', node);
  await get(`/api/v1/nodes?fieldSelector=metadata.name%3D${own}&labelSelector=none%3Dsuch`, node);
  await get(`${pods}/here`, node);
  await get(`${pods}/there`, node);
  await get(pods, node);
  await get(`/api/v1/pods?fieldSelector=spec.nodeName%3D${own}&labelSelector=none%3Dsuch`, node);
  await get(`/api/v1/pods?fieldSelector=spec.nodeName%3D${other}`, node);
  await get('/api/v1/pods', node);
  await merge(`${pods}/here/status`, { status: { phase: 'Running' } }, node);
  await merge(`${pods}/here/status`, { metadata: { labels: { a: 'b' } } }, node);
  await merge(`${pods}/there/status`, { status: { phase: 'Running' } }, node);
  await merge(`${pods}/here`, { metadata: { labels: { a: 'b' } } }, node);
  await post(pods, pod('new', own), node);
  const mirror = (name: string, nodeName: string, annotations: Anything = {}) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      annotations,
      ownerReferences: [
        { apiVersion: 'v1', kind: 'Node', name: own, uid: '11111111-1111-4111-8111-111111111111', controller: true },
      ],
    },
    spec: { nodeName, automountServiceAccountToken: false, containers: [{ name: 'main', image: 'nginx:1.27' }] },
  });
  await post(pods, mirror('mirror', own, { 'kubernetes.io/config.mirror': 'x' }), node);
  await post(pods, mirror('mirror', other, { 'kubernetes.io/config.mirror': 'x' }), node);
  await post(
    `${pods}/there/eviction`,
    { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'there' } },
    node,
  );
  await remove(`${pods}/there`, node);
  // Its node object.
  await merge(`/api/v1/nodes/${own}`, { metadata: { labels: { 'example.com/a': 'b' } } }, node);
  await merge(`/api/v1/nodes/${own}`, { metadata: { labels: { 'node-restriction.kubernetes.io/a': 'b' } } }, node);
  await merge(
    `/api/v1/nodes/${own}`,
    {
      metadata: {
        labels: {
          'kubernetes.io/hostname': 'b',
          'node.kubernetes.io/x': 'y',
          'k8s.io/z': '1',
          'kubernetes.io/bad': '1',
        },
      },
    },
    node,
  );
  await merge(`/api/v1/nodes/${own}`, { spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] } }, node);
  await merge(
    `/api/v1/nodes/${own}`,
    { spec: { configSource: { configMap: { name: 'x', namespace: 'y', kubeletConfigKey: 'z' } } } },
    node,
  );
  await merge(`/api/v1/nodes/${own}/status`, { status: { phase: 'Running' } }, node);
  await merge(`/api/v1/nodes/${other}/status`, { status: { phase: 'Running' } }, node);
  await merge(`/api/v1/nodes/${other}`, { metadata: { labels: { a: 'b' } } }, node);
  await remove(`/api/v1/nodes/${other}`, node);
  await remove(`/api/v1/nodes/${own}`, node);
  // Leases.
  const leases = (where: string) => `/apis/coordination.k8s.io/v1/namespaces/${where}/leases`;
  const lease = (name: string) => object('coordination.k8s.io/v1', 'Lease', name, { spec: { holderIdentity: own } });
  await post(leases('kube-node-lease'), lease(own), node);
  await post(leases('kube-node-lease'), lease(other), node);
  await post(leases(namespace), lease(own), node);
  await get(`${leases('kube-node-lease')}/${own}`, node);
  await get(`${leases('kube-node-lease')}/${other}`, node);
  await get(leases('kube-node-lease'), node);
  await merge(`${leases('kube-node-lease')}/${own}`, { spec: { leaseDurationSeconds: 40 } }, node);
  await remove(`${leases('kube-node-lease')}/${own}`, node);
  // Tokens of its Pods' accounts.
  const token = (name: string, spec: Anything) =>
    post(
      `${inCore(namespace, 'serviceaccounts')}/${name}/token`,
      { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec },
      node,
    );
  const bound = (name: string, uid?: string) => ({
    boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, ...(uid ? { uid } : {}) },
  });
  await token('robot', bound('here', here.metadata.uid));
  await token('robot', bound('here'));
  await token('robot', bound('there', here.metadata.uid));
  await token('robot', {});
  await token('robot', { boundObjectRef: { apiVersion: 'v1', kind: 'Secret', name: 'mounted' } });
  await token('robot', { ...bound('here', here.metadata.uid), audiences: ['vault'] });
  await token('robot', { ...bound('here', here.metadata.uid), audiences: ['other'] });
  await token('robot', { ...bound('here', here.metadata.uid), audiences: ['vault', 'other'] });
  await token('idle', bound('here', here.metadata.uid));
  await token('gone', bound('here', here.metadata.uid));
  // CSINodes.
  const csi = '/apis/storage.k8s.io/v1/csinodes';
  await post(
    csi,
    object('storage.k8s.io/v1', 'CSINode', own, { spec: { drivers: [{ name: 'a', nodeID: 'b' }] } }),
    node,
  );
  await post(
    csi,
    object('storage.k8s.io/v1', 'CSINode', other, { spec: { drivers: [{ name: 'a', nodeID: 'b' }] } }),
    node,
  );
  await get(`${csi}/${own}`, node);
  await get(`${csi}/${other}`, node);
  await get('/apis/storage.k8s.io/v1/volumeattachments/x', node);
  await get('/apis/storage.k8s.io/v1/storageclasses', node);
  await get('/api/v1/services?limit=0&fieldSelector=metadata.name%3Dnone', node);
  await get('/apis/apps/v1/deployments', node);
  // Who says it is a node and is not quite one.
  await get(`/api/v1/nodes/${own}`, as('system:node:', 'system:nodes'));
  await get(`/api/v1/nodes/${own}`, as(`system:node:${own}`));
  await get(`/api/v1/nodes/${own}`, as('alice', 'system:nodes'));
  await post('/api/v1/nodes', nodeCalled('x'), as('alice', 'system:nodes'));
  const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview' };
  const ask = (resource: string, name: string) =>
    post(
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      { ...review, spec: { resourceAttributes: { verb: 'get', resource, namespace, name } } },
      node,
    );
  await ask('secrets', 'mounted');
  await ask('secrets', 'unrelated');
  await ask('pods', 'here');
  await put(`/api/v1/nodes/${own}`, nodeCalled(other), node);
  // What its Pods no longer need.
  await remove(`${pods}/here?gracePeriodSeconds=0`);
  settled();
  await get(`${secrets}/mounted`, node);
  await remove(`${leases('kube-node-lease')}/${own}`);
  await remove(`/api/v1/nodes/${own}`);
  await remove(`/api/v1/nodes/${other}`);
  await remove(`${csi}/${own}`);
  await remove(`/apis/storage.k8s.io/v1/csidrivers/${namespace}.csi`);
}

export const nodeScripts: readonly Script[] = [{ name: 'auth-nodes', run: nodes }];
