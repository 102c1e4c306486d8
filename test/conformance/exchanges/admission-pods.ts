/** What admission says of Pods: the Pod Security Standards, priorities, tolerations, accounts, runtime classes. */
import type { Anything } from '#harness/kubectl.ts';
import { pod, withAccount } from './admission-hand.ts';
import type { Hand, Script } from './hand.ts';
import { deployment } from './samples.ts';

const label = (mode: string) => `pod-security.kubernetes.io/${mode}`;

const hardened = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};

const violating: readonly Anything[] = [
  pod('host', { hostNetwork: true, hostPID: true, hostIPC: true }),
  pod('privileged', {}, { securityContext: { privileged: true } }),
  pod('capable', {}, { securityContext: { capabilities: { add: ['SYS_ADMIN', 'NET_RAW'] } } }),
  pod('paths', {
    volumes: [
      { name: 'a', hostPath: { path: '/a' } },
      { name: 'b', hostPath: { path: '/b' } },
    ],
  }),
  pod(
    'ports',
    {},
    {
      ports: [
        { containerPort: 80, hostPort: 80 },
        { containerPort: 81, hostPort: 443 },
      ],
    },
  ),
  pod('probed', {}, { livenessProbe: { httpGet: { port: 80, host: 'example.com' } } }),
  pod('selinux', { securityContext: { seLinuxOptions: { type: 'spc_t', user: 'u', role: 'r' } } }),
  pod('unconfined', {}, { securityContext: { seccompProfile: { type: 'Unconfined' } } }),
  pod('sysctls', { securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] } }),
  pod('apparmor', { securityContext: { appArmorProfile: { type: 'Unconfined' } } }),
  pod('root', { securityContext: { runAsUser: 0, runAsNonRoot: false } }),
  pod('volumes', { volumes: [{ name: 'nfs', nfs: { server: 's', path: '/' } }] }),
  pod('several', {
    hostNetwork: true,
    initContainers: [{ name: 'first', image: 'busybox:1', securityContext: { privileged: true } }],
  }),
];

async function podSecurity(hand: Hand): Promise<void> {
  const to = await withAccount(hand);
  const [pods, namespace] = [to.within('pods'), `/api/v1/namespaces/${hand.namespace}`];
  const labels = (wanted: Anything) => to.change(namespace, { metadata: { labels: wanted } });
  await to.post(pods, pod('early', { hostNetwork: true }));
  await to.post(pods, pod('early-too', { hostNetwork: true }));
  await labels({ [label('enforce')]: 'strict', [label('warn-version')]: '1.30' });
  await labels({ [label('enforce')]: 'baseline' });
  await to.until(403, pods, pod('waiting', { hostNetwork: true }));
  for (const each of violating) await to.post(pods, each);
  await hand.create(deployment('web', {}, { securityContext: { privileged: true } }));
  await labels({ [label('enforce')]: 'restricted' });
  await to.until(403, pods, pod('waiting'));
  for (const each of violating) await to.post(pods, each);
  await to.post(pods, pod('plain'));
  await to.post(pods, pod('hardened', {}, { securityContext: hardened }));
  await to.change(to.within('pods/hardened'), { metadata: { labels: { a: 'b' } } });
  await to.change(to.within('pods/early'), { spec: { containers: null } });
  await labels({ [label('enforce')]: null, [label('warn')]: 'restricted', [label('warn-version')]: 'v1.24' });
  await to.until(201, pods, pod('waiting'));
  await to.post(pods, pod('warned'));
  await hand.create(deployment('warned'));
  await labels({ [label('enforce')]: 'baseline', [label('enforce-version')]: 'v1.20' });
  await to.until(403, pods, pod('waiting', { hostNetwork: true }));
  await to.post(pods, violating[5]);
  const spaces = '/api/v1/namespaces';
  const wrong = { [label('enforce')]: 'no', [label('audit')]: 'no', [label('warn')]: 'no' };
  await to.post(spaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'wrong-labels', labels: wrong } });
}

async function priorities(hand: Hand): Promise<void> {
  const to = await withAccount(hand);
  const [pods, classes] = [to.within('pods'), '/apis/scheduling.k8s.io/v1/priorityclasses'];
  const priorityClass = (name: string, value: number, more: Anything = {}) => ({
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name },
    value,
    ...more,
  });
  await to.post(pods, pod('unnamed'));
  await to.post(pods, pod('missing', { priorityClassName: 'nowhere' }));
  await to.post(pods, pod('system', { priorityClassName: 'system-node-critical' }));
  await to.post(pods, pod('number', { priority: 7 }));
  await to.post(pods, pod('policy', { preemptionPolicy: 'Never' }));
  await to.post(classes, priorityClass('script-quiet', 10, { preemptionPolicy: 'Never' }));
  await to.until(201, pods, pod('waiting', { priorityClassName: 'script-quiet' }));
  await to.post(pods, pod('quiet', { priorityClassName: 'script-quiet' }));
  await to.post(pods, pod('same', { priorityClassName: 'script-quiet', priority: 10 }));
  await to.post(pods, pod('louder', { priorityClassName: 'script-quiet', preemptionPolicy: 'PreemptLowerPriority' }));
  await to.post(classes, priorityClass('system-mine', 10));
  await to.post(classes, priorityClass('script-large', 2_000_000_000));
  await to.change(`${classes}/script-quiet`, { value: 11 });
  await to.remove(`${classes}/system-node-critical`);
  await to.remove(`${classes}/script-quiet`);
}

async function podAdmission(hand: Hand): Promise<void> {
  const to = await withAccount(hand);
  const pods = to.within('pods');
  const tolerating = (key: string, more: Anything = {}) =>
    pod(`tolerating-${key.length}`, { tolerations: [{ key, operator: 'Exists', ...more }] });
  await to.post(pods, tolerating('node.kubernetes.io/not-ready', { effect: 'NoExecute', tolerationSeconds: 7 }));
  await to.post(pods, tolerating('node.kubernetes.io/unreachable'));
  await to.post(pods, pod('all', { tolerations: [{ operator: 'Exists' }] }));
  await to.post(pods, pod('account', { serviceAccountName: 'nobody' }));
  await to.post(pods, pod('overhead', { overhead: { cpu: '1' } }));
  await to.post(pods, pod('classless', { runtimeClassName: 'nowhere' }));
  const classes = '/apis/node.k8s.io/v1/runtimeclasses';
  await to.post(classes, {
    apiVersion: 'node.k8s.io/v1',
    kind: 'RuntimeClass',
    metadata: { name: 'script-boxed' },
    handler: 'boxed',
    overhead: { podFixed: { cpu: '250m', memory: '120Mi' } },
    scheduling: { nodeSelector: { boxes: 'yes' }, tolerations: [{ key: 'boxes', operator: 'Exists' }] },
  });
  await to.until(201, pods, pod('waiting', { runtimeClassName: 'script-boxed' }));
  await to.post(pods, pod('boxed', { runtimeClassName: 'script-boxed', nodeSelector: { disk: 'ssd' } }));
  await to.post(pods, pod('other', { runtimeClassName: 'script-boxed', overhead: { cpu: '1' } }));
  await to.post(pods, pod('torn', { runtimeClassName: 'script-boxed', nodeSelector: { boxes: 'no' } }));
  await to.remove(`${classes}/script-boxed`);
  const bound = { metadata: { name: 'bound', annotations: { 'kubernetes.io/enforce-mountable-secrets': 'true' } } };
  await to.post(to.within('serviceaccounts'), { apiVersion: 'v1', kind: 'ServiceAccount', ...bound });
  const secret = (spec: Anything, container: Anything = {}) =>
    pod('secretive', { serviceAccountName: 'bound', ...spec }, container);
  await to.until(403, pods, secret({ imagePullSecrets: [{ name: 'own' }] }));
  await to.post(pods, secret({ volumes: [{ name: 's', secret: { secretName: 'own' } }] }));
  await to.post(pods, secret({}, { env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'own', key: 'a' } } }] }));
  await to.post(pods, secret({}, { envFrom: [{ secretRef: { name: 'own' } }] }));
  await to.post(pods, secret({ imagePullSecrets: [{ name: 'own' }] }));
  const mirror = pod('mirror');
  mirror.metadata.annotations = { 'kubernetes.io/config.mirror': 'x' };
  await to.post(pods, { ...mirror, spec: { ...mirror.spec, serviceAccountName: 'default' } });
}

export const podScripts: readonly Script[] = [
  { name: 'admission-pod-security', run: podSecurity },
  { name: 'admission-priority', run: priorities },
  { name: 'admission-pods', run: podAdmission },
];
