/** What is asked of both API servers: 1 kB ConfigMaps in one namespace, and Deployments without replicas. */
import { configMap, deployment } from '../objects.ts';
import type { Request } from './wire.ts';

/** Where nothing else is. */
export const namespace = 'kube-public';
const maps = `/api/v1/namespaces/${namespace}/configmaps`;
const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;

const json = 'application/json';
const mergePatch = 'application/merge-patch+json';
const applyPatch = 'application/apply-patch+yaml';

export interface Phase {
  readonly name: string;
  readonly count: number;
  readonly request: (index: number) => Request;
  /** Requests under way at once, where not as many as there are connections. */
  readonly atOnce?: number;
}

const nameOf = (index: number) => `config-${index}`;

function map(index: number, more: Readonly<Record<string, string>> = {}) {
  const { metadata, data, ...rest } = configMap(index) as unknown as { metadata: object; data: object };
  return { ...rest, metadata: { ...metadata, namespace }, data: { ...data, ...more } };
}

const post = (path: string, object: object): Request => ({
  method: 'POST',
  path,
  type: json,
  body: JSON.stringify(object),
});

/** Without replicas, so that nobody would make Pods; stated as `kubectl apply` states it. */
function template(index: number) {
  const { metadata, spec, ...rest } = deployment(index);
  return { ...rest, metadata: { ...metadata, namespace }, spec: { ...spec, replicas: 0 } };
}

export const createMap = (index: number): Request => post(maps, map(index));
export const listMaps: Request = { method: 'GET', path: maps };
export const watchMaps = (name: string, resourceVersion: string) =>
  `${maps}?watch=1&fieldSelector=metadata.name%3D${name}&resourceVersion=${resourceVersion}`;
export const touch = (name: string, value: string): Request => ({
  method: 'PATCH',
  path: `${maps}/${name}`,
  type: mergePatch,
  body: JSON.stringify({ data: { count: value } }),
});

/** In this order: each finds what the ones before have left. `first`: the number of the first object. */
export const phases = (count: number, first = 0): readonly Phase[] =>
  ofObjects(count).map((phase) => ({ ...phase, request: (index) => phase.request(first + index) }));

const ofObjects = (count: number): readonly Phase[] => [
  { name: 'create', count, request: createMap },
  { name: 'get', count, request: (i) => ({ method: 'GET', path: `${maps}/${nameOf(i)}` }) },
  {
    name: 'update',
    count,
    request: (i) => ({
      method: 'PUT',
      path: `${maps}/${nameOf(i)}`,
      type: json,
      body: JSON.stringify(map(i, { updated: `u${i}` })),
    }),
  },
  {
    name: 'merge patch',
    count,
    request: (i) => ({
      method: 'PATCH',
      path: `${maps}/${nameOf(i)}`,
      type: mergePatch,
      body: JSON.stringify({ data: { patched: `p${i}` } }),
    }),
  },
  {
    name: 'server-side apply',
    count,
    request: (i) => ({
      method: 'PATCH',
      path: `${maps}/${nameOf(i)}?fieldManager=bench&force=true`,
      type: applyPatch,
      body: JSON.stringify(map(i, { applied: `a${i}` })),
    }),
  },
  { name: `list ${count.toLocaleString('en')}`, count: 20, atOnce: 4, request: () => listMaps },
  {
    name: 'list by label, one in a hundred',
    count: 500,
    request: (i) => ({ method: 'GET', path: `${maps}?labelSelector=group%3Dg${i % 100}` }),
  },
  { name: 'create Deployment', count: Math.ceil(count * 0.4), request: (i) => post(deployments, template(i)) },
  { name: 'delete', count, request: (i) => ({ method: 'DELETE', path: `${maps}/${nameOf(i)}` }) },
];
