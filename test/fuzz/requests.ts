/** Requests made up from valid ones: other verbs, other names, and bodies in which something is not as it should be. */
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';
import type { Random } from '#world/random/random.ts';

export interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly type?: string;
  readonly body?: string;
}

const pick = <T>(random: Random, choices: readonly T[]): T => choices[Math.floor(random.next() * choices.length)]!;

interface Sample {
  readonly apiVersion: string;
  readonly resource: string;
  readonly namespaced: boolean;
  readonly object: JsonObject;
}

const container = { name: 'main', image: 'nginx:1', ports: [{ containerPort: 80 }], env: [{ name: 'A', value: '1' }] };
const template = {
  metadata: { labels: { app: 'x' } },
  spec: { containers: [container], volumes: [{ name: 'v', emptyDir: {} }] },
};

const sample = (apiVersion: string, kind: string, resource: string, rest: JsonObject, namespaced = true): Sample => ({
  apiVersion,
  resource,
  namespaced,
  object: { apiVersion, kind, ...rest },
});

export const samples: readonly Sample[] = [
  sample('v1', 'ConfigMap', 'configmaps', { data: { a: '1', b: '2' }, binaryData: { c: 'AAE=' } }),
  sample('v1', 'Secret', 'secrets', { type: 'Opaque', stringData: { a: 'x' }, data: { b: 'AAE=' } }),
  sample('v1', 'Service', 'services', { spec: { selector: { app: 'x' }, ports: [{ name: 'http', port: 80 }] } }),
  sample('v1', 'Pod', 'pods', { spec: template.spec }),
  sample('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims', {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }),
  sample('apps/v1', 'Deployment', 'deployments', {
    spec: { replicas: 1, selector: { matchLabels: { app: 'x' } }, strategy: { type: 'RollingUpdate' }, template },
  }),
  sample('batch/v1', 'Job', 'jobs', {
    spec: { backoffLimit: 2, template: { spec: { ...template.spec, restartPolicy: 'Never' } } },
  }),
  sample('networking.k8s.io/v1', 'Ingress', 'ingresses', {
    spec: {
      rules: [
        {
          host: 'a.example',
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 's', port: { number: 80 } } } }],
          },
        },
      ],
    },
  }),
  sample('rbac.authorization.k8s.io/v1', 'Role', 'roles', {
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
  }),
  sample('coordination.k8s.io/v1', 'Lease', 'leases', { spec: { holderIdentity: 'me', leaseDurationSeconds: 15 } }),
  sample('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets', {
    spec: { minAvailable: 1, selector: { matchLabels: { app: 'x' } } },
  }),
  sample('scheduling.k8s.io/v1', 'PriorityClass', 'priorityclasses', { value: 10 }, false),
];

const names = ['a', 'b', 'c'];
const strange: readonly string[] = [
  'null',
  'true',
  '""',
  '"x"',
  '"Not A Name"',
  '[]',
  '{}',
  '[null]',
  '[{}]',
  '{"a":null}',
  '-1',
  '0',
  '1.5',
  '2147483648',
  '9223372036854775807',
  '1e3',
  '"1"',
  '"\\u0000"',
  '"ä€"',
  '{"__proto__":{"x":1}}',
  '{"constructor":"x"}',
  '["a","a"]',
  `"${'x'.repeat(300)}"`,
];
const keys = ['__proto__', 'constructor', 'toString', 'metadata', 'spec', 'status', 'x', '', 'a/b', '$patch', 'name'];

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `text` as a value of its own: no two places share one. */
const parsedOf = (text: string): JsonValue => JSON.parse(text) as JsonValue;

/** An object with one more member, whatever its name: assignment would take `__proto__` for something else. */
function withMember(object: JsonObject, key: string, value: JsonValue): JsonObject {
  const copy = { ...object };
  Object.defineProperty(copy, key, { value, enumerable: true, configurable: true, writable: true });
  return copy;
}

/** One thing in `value` is changed, somewhere. */
function mutated(random: Random, value: JsonValue, depth = 0): JsonValue {
  const here = random.next();
  if (Array.isArray(value) && value.length > 0) {
    if (here < 0.15) return [...value, value[0]!];
    if (here < 0.25) return value.slice(1);
    const at = Math.floor(random.next() * value.length);
    return value.map((each, index) => (index === at ? mutated(random, each, depth + 1) : each));
  }
  if (isObject(value) && Object.keys(value).length > 0) {
    const key = pick(random, Object.keys(value));
    if (here < 0.1) return withMember(value, pick(random, keys), parsedOf(pick(random, strange)));
    if (here < 0.2 && depth > 0) {
      const { [key]: _gone, ...rest } = value;
      return rest;
    }
    return withMember(value, key, mutated(random, value[key] ?? null, depth + 1));
  }
  return parsedOf(pick(random, strange));
}

function bodyOf(random: Random, object: JsonObject): JsonObject {
  let body: JsonValue = object;
  for (let count = Math.floor(random.next() * 3); count > 0; count--) body = mutated(random, body);
  return isObject(body) ? body : {};
}

const queries = [
  '',
  '',
  '',
  '',
  'dryRun=All',
  'fieldValidation=Strict',
  'fieldValidation=Ignore',
  'fieldManager=me',
  'dryRun=None',
];

function jsonPatch(random: Random, object: JsonObject): string {
  const paths = [
    '/metadata/labels',
    '/metadata/labels/x',
    '/spec',
    '/data/a',
    '/spec/replicas',
    '/',
    '',
    '/a~1b',
    '/spec/template/spec/containers/0/image',
    '/spec/ports/-',
    '/metadata/name',
    '/~2',
  ];
  const operations = Array.from({ length: 1 + Math.floor(random.next() * 3) }, () => ({
    op: pick(random, ['add', 'replace', 'remove', 'test', 'copy', 'move', 'nothing']),
    path: pick(random, paths),
    ...(random.next() < 0.3 ? { from: pick(random, paths) } : {}),
    ...(random.next() < 0.8
      ? { value: random.next() < 0.5 ? parsedOf(pick(random, strange)) : (object.spec ?? object.data ?? null) }
      : {}),
  }));
  return JSON.stringify(operations);
}

const patchTypes = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
] as const;

function patchRequest(random: Random, path: string, named: JsonObject): FuzzRequest {
  const type = pick(random, patchTypes);
  const apply = type === 'application/apply-patch+yaml';
  const manager = apply
    ? `fieldManager=${pick(random, ['one', 'two'])}${random.next() < 0.5 ? '&force=true' : ''}`
    : pick(random, queries);
  const object = bodyOf(random, named);
  const { apiVersion: _version, kind: _kind, ...part } = object;
  const body =
    type === 'application/json-patch+json'
      ? jsonPatch(random, named)
      : JSON.stringify(apply ? object : mutated(random, part));
  return { method: 'PATCH', path: manager ? `${path}?${manager}` : path, type, body };
}

const reads = [
  '',
  'limit=2',
  'labelSelector=app',
  'labelSelector=a in (b',
  'fieldSelector=metadata.name=a',
  'resourceVersion=0',
  'limit=x',
  'continue=x',
];

/** `namespace`: where namespaced objects live. */
export function nextRequest(random: Random, namespace: string): FuzzRequest {
  const { apiVersion, resource, namespaced, object } = pick(random, samples);
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const collection = `${root}${namespaced ? `/namespaces/${namespace}` : ''}/${resource}`;
  const name = namespaced ? pick(random, names) : `${namespace}-${pick(random, names)}`;
  const one = `${collection}/${name}`;
  const named: JsonObject = { ...object, metadata: { name, labels: { app: 'x' }, annotations: { note: 'y' } } };
  const query = pick(random, queries);
  const suffix = query ? `?${query}` : '';
  const chance = random.next();
  const type = random.next() < 0.05 ? pick(random, ['text/plain', 'application/yaml', '']) : 'application/json';
  if (chance < 0.3)
    return { method: 'POST', path: collection + suffix, type, body: JSON.stringify(bodyOf(random, named)) };
  if (chance < 0.45) return { method: 'PUT', path: one + suffix, type, body: JSON.stringify(bodyOf(random, named)) };
  if (chance < 0.75) return patchRequest(random, one, named);
  if (chance < 0.83) return { method: 'DELETE', path: one + (random.next() < 0.3 ? '?propagationPolicy=Orphan' : '') };
  if (chance < 0.88) {
    const sub = pick(random, ['status', 'scale', 'nonsense', 'status']);
    return {
      method: pick(random, ['GET', 'PUT', 'DELETE']),
      path: `${one}/${sub}`,
      type,
      body: JSON.stringify(bodyOf(random, named)),
    };
  }
  if (chance < 0.94) return { method: 'GET', path: one };
  const read = pick(random, reads);
  return { method: 'GET', path: encodeURI(read ? `${collection}?${read}` : collection) };
}
