/** What people hand in by mistake. */

const configMap = (name: string, more = '') => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}${more}}\n`;
const policy = (spec: string) =>
  `apiVersion: policy.karmada.io/v1alpha1\nkind: PropagationPolicy\nmetadata: {name: mistaken}\nspec: {${spec}}\n`;
const deployment = (spec: string, container = '') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: mistaken}
spec:
  ${spec}
  selector: {matchLabels: {app: a}}
  template: {metadata: {labels: {app: a}}, spec: {containers: [{name: a, image: nginx${container}}]}}
`;

/** Each line names the one before nine times: 9^9 values in a few hundred letters. */
const bomb = 'bcdefghi'
  .split('')
  .map((letter, index) => `${letter}: &${letter} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(', ')}]\n`)
  .join('');

export const longName = 'a'.repeat(300);

/** By name; folders of `folders` are made empty or with the text file they hold. */
export const files: Readonly<Record<string, string | Uint8Array>> = {
  'empty.yaml': '',
  'comment.yaml': '# nothing yet\n---\n',
  'unclosed.yaml': 'a: [1, 2\nb: }\n',
  'tab.yaml': 'kind: ConfigMap\n\tapiVersion: v1\n',
  'binary.yaml': Uint8Array.from({ length: 512 }, (_, index) => (index * 37 + 1) % 256),
  'bomb.yaml': `${configMap('bomb')}a: &a [x, x, x]\n${bomb}`,
  'large.yaml': `${configMap('large')}data: {a: ${'x'.repeat(5 * 1024 * 1024)}}\n`,
  'scalar.yaml': 'just a text\n',
  'no-kind.yaml': 'apiVersion: v1\nmetadata: {name: a}\n',
  'no-name.yaml': 'apiVersion: v1\nkind: ConfigMap\n',
  'no-such-kind.yaml': 'apiVersion: apps/v1\nkind: Deploymen\nmetadata: {name: a}\n',
  'no-namespace.yaml': configMap('a', ', namespace: nowhere'),
  'long.yaml': configMap(longName),
  'one-bad-name.yaml': `${configMap('first')}---\n${configMap('Not_A_Name')}---\n${configMap('last')}`,
  'one-unreadable.yaml': `${configMap('first')}---\n${configMap('broken').replace('}', '')}---\n${configMap('last')}`,
  'list.yaml': `apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: first}}\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: last}}\n`,
  'unknown-fields.yaml': deployment('replica: 2', ', imagePolicy: Always'),
  'wrong-type.yaml': deployment('replicas: two'),
  'no-selectors.yaml': policy('placement: {clusterAffinity: {clusterNames: [member1]}}'),
  'empty-selectors.yaml': policy('resourceSelectors: []'),
  'scalar-selectors.yaml': policy('resourceSelectors: all'),
  'no-such-resolution.yaml': policy('resourceSelectors: [{apiVersion: v1, kind: Secret}], conflictResolution: Maybe'),
  'unknown-placement.yaml': policy('resourceSelectors: [{apiVersion: v1, kind: Secret}], placement: {clusters: [a]}'),
  'two-affinities.yaml': policy(
    'resourceSelectors: [{apiVersion: v1, kind: Secret}], placement: {clusterAffinity: {}, clusterAffinities: [{affinityName: a}]}',
  ),
  'cluster.yaml': `apiVersion: cluster.karmada.io/v1alpha1
kind: Cluster
metadata: {name: ${'c'.repeat(49)}}
spec: {apiEndpoint: "127.0.0.1:9", syncMode: Pusch}
`,
  'work.yaml': `apiVersion: work.karmada.io/v1alpha1
kind: Work
metadata: {name: mistaken, namespace: karmada-es-member1}
spec: {workload: {manifests: [{data: {a: b}}]}}
`,
  // Kubeconfigs.
  'no-config.yaml': configMap('config'),
  'silent.config': `apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
contexts: [{name: c, context: {cluster: c, user: u}}]
current-context: c
users: [{name: u, user: {token: x}}]
`,
  'folder-of-texts/readme.txt': 'no manifest\n',
};
