/** Kinds that are questions, and subresources that are deeds: reviews, bindings, evictions, tokens. */
import type { Anything } from '#harness/kubectl.ts';
import type { Hand, Script } from './hand.ts';
import { object } from './samples.ts';

const json = 'application/json';

async function reviews(hand: Hand): Promise<void> {
  const post = (path: string, body: Anything) => hand.ask({ method: 'POST', path, type: json, body });
  const review = (group: string, kind: string, rest: Anything = {}): Anything => ({
    apiVersion: `${group}.k8s.io/v1`,
    kind,
    ...rest,
  });
  const authz = '/apis/authorization.k8s.io/v1';
  const attributes = { verb: 'get', resource: 'pods', namespace: hand.namespace };
  await post(
    `${authz}/selfsubjectaccessreviews`,
    review('authorization', 'SelfSubjectAccessReview', { spec: { resourceAttributes: attributes } }),
  );
  await post(
    `${authz}/selfsubjectaccessreviews`,
    review('authorization', 'SelfSubjectAccessReview', {
      spec: { nonResourceAttributes: { path: '/healthz', verb: 'get' } },
    }),
  );
  await post(`${authz}/selfsubjectaccessreviews`, review('authorization', 'SelfSubjectAccessReview', { spec: {} }));
  await post(
    `${authz}/selfsubjectaccessreviews`,
    review('authorization', 'SelfSubjectAccessReview', {
      spec: { resourceAttributes: attributes, nonResourceAttributes: { path: '/x' } },
    }),
  );
  await post(
    `${authz}/subjectaccessreviews`,
    review('authorization', 'SubjectAccessReview', { spec: { user: 'nobody', resourceAttributes: attributes } }),
  );
  await post(
    `${authz}/subjectaccessreviews`,
    review('authorization', 'SubjectAccessReview', { spec: { resourceAttributes: attributes } }),
  );
  await post(
    `${authz}/subjectaccessreviews`,
    review('authorization', 'SubjectAccessReview', {
      spec: { groups: ['system:masters'], resourceAttributes: attributes },
      metadata: { name: 'x' },
    }),
  );
  const local = `${authz}/namespaces/${hand.namespace}/localsubjectaccessreviews`;
  await post(
    local,
    review('authorization', 'LocalSubjectAccessReview', { spec: { user: 'nobody', resourceAttributes: attributes } }),
  );
  await post(
    local,
    review('authorization', 'LocalSubjectAccessReview', {
      spec: { user: 'nobody', resourceAttributes: { verb: 'get', resource: 'pods', namespace: 'elsewhere' } },
    }),
  );
  await post(
    local,
    review('authorization', 'LocalSubjectAccessReview', {
      spec: { user: 'nobody', nonResourceAttributes: { path: '/x' } },
    }),
  );
  const authn = '/apis/authentication.k8s.io/v1';
  await post(`${authn}/tokenreviews`, review('authentication', 'TokenReview', { spec: { token: 'nothing' } }));
  await post(`${authn}/tokenreviews`, review('authentication', 'TokenReview', { spec: {} }));
  await hand.ask({ method: 'GET', path: `${authn}/tokenreviews` });
  await hand.ask({ method: 'GET', path: `${authz}/subjectaccessreviews/x` });
  await hand.ask({ method: 'DELETE', path: `${authz}/subjectaccessreviews/x` });
}

async function deeds(hand: Hand): Promise<void> {
  const at = (rest: string) => `/api/v1/namespaces/${hand.namespace}/${rest}`;
  const post = (path: string, body: Anything) => hand.ask({ method: 'POST', path: at(path), type: json, body });
  await hand.create(object('v1', 'ServiceAccount', 'default'));
  const pod = (name: string): Anything => ({
    ...object('v1', 'Pod', name, {
      spec: { containers: [{ name: 'm', image: 'i' }], automountServiceAccountToken: false },
    }),
    metadata: { name, labels: { app: 'x' } },
  });
  for (const name of ['a', 'b', 'c', 'd']) await hand.create(pod(name));
  const binding = (name: string, target: Anything): Anything => object('v1', 'Binding', name, { target });
  await post('pods/a/binding', binding('a', { kind: 'Node', name: 'n' }));
  await post('pods/a/binding', binding('a', { kind: 'Node', name: 'm' }));
  await post('pods/b/binding', binding('b', { kind: 'Pod', name: 'n' }));
  await post('pods/b/binding', binding('b', {}));
  await post('pods/b/binding', binding('other', { kind: 'Node', name: 'n' }));
  await post('bindings', binding('b', { kind: 'Node', name: 'n' }));
  await post('bindings', binding('missing', { kind: 'Node', name: 'n' }));
  await hand.get(pod('b'));
  const eviction = (name: string, more: Anything = {}): Anything => object('policy/v1', 'Eviction', name, more);
  await post('pods/missing/eviction', eviction('missing'));
  await post('pods/c/eviction', eviction('other'));
  await post(
    'pods/c/eviction',
    eviction('c', { deleteOptions: { preconditions: { uid: '11111111-1111-4111-8111-111111111111' } } }),
  );
  await post('pods/c/eviction?dryRun=All', eviction('c'));
  await post('pods/c/eviction', eviction('c'));
  const budget = object('policy/v1', 'PodDisruptionBudget', 'one', {
    spec: { minAvailable: 1, selector: { matchLabels: { app: 'x' } } },
  });
  await hand.create(budget);
  await hand.patch(
    pod('a'),
    'merge',
    { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } },
    'x',
    'status',
  );
  await post('pods/a/eviction', eviction('a'));
  await hand.patch(
    budget,
    'merge',
    { status: { disruptionsAllowed: 0, expectedPods: 2, currentHealthy: 1, desiredHealthy: 1, observedGeneration: 1 } },
    'x',
    'status',
  );
  await post('pods/a/eviction', eviction('a'));
  await hand.patch(budget, 'merge', { status: { disruptionsAllowed: 1 } }, 'x', 'status');
  await post('pods/a/eviction', eviction('a'));
  await hand.get(budget);
  await hand.create({ ...budget, metadata: { name: 'two' } });
  await hand.patch(pod('d'), 'merge', { status: { phase: 'Running' } }, 'x', 'status');
  await post('pods/d/eviction', eviction('d'));
  await post('pods/b/eviction', object('policy/v1beta1', 'Eviction', 'b'));
}

async function debugging(hand: Hand): Promise<void> {
  await hand.create(object('v1', 'ServiceAccount', 'default'));
  const pod = object('v1', 'Pod', 'a', {
    spec: {
      containers: [{ name: 'm', image: 'i', resources: { requests: { cpu: '1' } } }],
      automountServiceAccountToken: false,
    },
  });
  await hand.create(pod);
  const debug = (containers: readonly Anything[]) =>
    hand.patch(pod, 'strategic', { spec: { ephemeralContainers: containers } }, 'x', 'ephemeralcontainers');
  await debug([{ name: 'debug', image: 'busybox', targetContainerName: 'm', stdin: true, tty: true }]);
  await debug([{ name: 'debug', image: 'other' }]);
  await debug([{ name: 'm', image: 'busybox' }]);
  await debug([{ name: 'two', image: 'busybox', ports: [{ containerPort: 80 }] }]);
  await debug([{ name: 'three', image: 'busybox', livenessProbe: { exec: { command: ['x'] } } }]);
  await debug([{ name: 'four', image: 'busybox', targetContainerName: 'nobody' }]);
  await hand.get(pod, 'ephemeralcontainers');
  await hand.patch(
    pod,
    'strategic',
    { spec: { ephemeralContainers: [{ name: 'debug', $patch: 'delete' }] } },
    'x',
    'ephemeralcontainers',
  );
  await hand.patch(pod, 'merge', { spec: { ephemeralContainers: [] } });
  const resize = (resources: Anything) =>
    hand.patch(pod, 'strategic', { spec: { containers: [{ name: 'm', resources }] } }, 'x', 'resize');
  await resize({ requests: { cpu: '2' } });
  await resize({ requests: { cpu: '2', memory: '1Gi' }, limits: { memory: '1Gi' } });
  await resize({ requests: { storage: '1Gi' } });
  await hand.get(pod, 'resize');
}

export const answeredScripts: readonly Script[] = [
  { name: 'reviews', run: reviews },
  { name: 'deeds', run: deeds },
  { name: 'debugging', run: debugging },
];
