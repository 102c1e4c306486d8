/** What is compared after each step: objects, tables and events, without what differs from run to run. */

import { type PrintedTable, readTable } from '#harness/tables.ts';
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';

export interface Snapshot {
  /** By `cluster Kind namespace/name`. */
  readonly objects: Readonly<Record<string, JsonValue>>;
  /** By `cluster resource`, as kubectl prints them; those with `-o wide` say so. */
  readonly tables: Readonly<Record<string, readonly string[]>>;
  /** `component: type reason on object: message`, each once. */
  readonly events: readonly string[];
}

export interface RawSnapshot {
  /** By cluster. */
  readonly objects: Readonly<Record<string, readonly JsonObject[]>>;
  /** Text as kubectl prints it. */
  readonly tables: Readonly<Record<string, string>>;
  readonly events: readonly JsonObject[];
}

type Metadata = {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
};

const metadataOf = (object: JsonObject) => object.metadata as unknown as Metadata;
const placeOf = ({ namespace, name }: Metadata) => (namespace ? `${namespace}/${name}` : name);

/** Label keys that hold an id given by a webhook; whoever has one of its own kind's is who it was given to. */
const idOf: Readonly<Record<string, string>> = {
  PropagationPolicy: 'propagationpolicy.karmada.io/permanent-id',
  ResourceBinding: 'resourcebinding.karmada.io/permanent-id',
  Work: 'work.karmada.io/permanent-id',
};

/** Ids of this moment by what they are ids of: that two objects name the same one is compared, its value is not. */
function identities(raw: RawSnapshot): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const [cluster, objects] of Object.entries(raw.objects)) {
    for (const object of objects) {
      const metadata = metadataOf(object);
      const what = `${object.kind as string} ${placeOf(metadata)}`;
      if (metadata.uid) ids.set(metadata.uid, `<uid of ${cluster} ${what}>`);
      const id = metadata.labels?.[idOf[object.kind as string] ?? ''];
      if (id) ids.set(id, `<id of ${what}>`);
    }
  }
  return ids;
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** A ReplicaSet's name, and a Pod's: the template's hash and chance. */
const generatedNames = /\b(nginx(?:-deploy)?)-[0-9a-z]{8,10}(-[0-9a-z]{5})?\b(?!")/g;
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** Fields that say who, when or which write, and nothing about what. */
const dropped = new Set(['resourceVersion', 'managedFields', 'clusterIP', 'clusterIPs', 'uid']);

/** `default/kubernetes` leads to the port the server has got. */
const leastServerPort = 10_000;

function withoutChance(value: JsonValue, ids: ReadonlyMap<string, string>): JsonValue | undefined {
  if (typeof value === 'string') {
    if (time.test(value)) return undefined;
    return value.replaceAll(uuid, (id) => ids.get(id) ?? '<uuid>');
  }
  if (Array.isArray(value)) return value.map((each) => withoutChance(each, ids) ?? null);
  if (value === null || typeof value !== 'object') return value;
  const kept: [string, JsonValue][] = [];
  for (const [key, each] of Object.entries(value)) {
    if (key === 'targetPort' && Number(each) >= leastServerPort) continue;
    if (each === null || (dropped.has(key) && !isReference(value))) continue;
    const plain = withoutChance(each as JsonValue, ids);
    if (plain !== undefined && key !== 'resourceVersion') kept.push([key, plain]);
  }
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** An owner or a binding's resource names another object by its UID. */
const isReference = (value: object) => 'kind' in value && 'name' in value && 'uid' in value;

/** Of a Pod only what a user would miss. */
function podIn(pod: JsonObject): JsonObject {
  const metadata = metadataOf(pod);
  const { 'pod-template-hash': _, ...labels } = metadata.labels ?? {};
  const { containers } = pod.spec as { containers: readonly JsonObject[] };
  const { phase, containerStatuses = [] } = pod.status as { phase: string; containerStatuses?: readonly JsonObject[] };
  return {
    kind: 'Pod',
    labels,
    ownedBy: ((metadata.ownerReferences ?? []) as readonly JsonObject[]).map(({ kind }) => kind as string),
    images: containers.map(({ image }) => image as string),
    phase,
    restarts: containerStatuses.map(({ restartCount }) => restartCount as number),
    ready: containerStatuses.map(({ ready }) => ready as boolean),
  };
}

type Spec = {
  readonly clusters?: readonly { readonly name: string }[];
  readonly workload?: { readonly manifests: readonly JsonObject[] };
};

/** Which of two clusters is named first is chance; a Work's only manifest reads better outside its list. */
function specOf({ kind, spec }: JsonObject): JsonValue | undefined {
  const { clusters = [], workload, ...rest } = (spec ?? {}) as Spec;
  if (kind === 'ResourceBinding')
    return { ...rest, clusters: clusters.toSorted((a, b) => (a.name < b.name ? -1 : 1)) } as unknown as JsonValue;
  if (kind === 'Work') return { ...rest, manifest: workload?.manifests[0] } as unknown as JsonValue;
  return spec as JsonValue;
}

const json = (value: JsonValue | undefined): JsonValue => value ?? null;

function objectsIn(raw: RawSnapshot): Record<string, JsonValue> {
  const ids = identities(raw);
  const result: Record<string, JsonValue> = {};
  for (const [cluster, objects] of Object.entries(raw.objects)) {
    let pods = 0;
    for (const object of objects) {
      if (object.kind === 'Pod') result[`${cluster} Pod ${++pods}`] = podIn(object);
      else {
        const { name, namespace, ...described } = metadataOf(object);
        const spec = specOf(object);
        const whole = { ...object, metadata: described, spec } as unknown as JsonObject;
        const text = JSON.stringify(json(withoutChance(whole, ids))).replaceAll(replicaSet, 'ReplicaSet \\"<name>\\"');
        result[`${cluster} ${object.kind as string} ${placeOf({ name, namespace } as Metadata)}`] = JSON.parse(text);
      }
    }
  }
  return Object.fromEntries(Object.entries(result).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** In a Deployment's conditions. */
const replicaSet = /ReplicaSet \\"[^"\\]+\\"/g;

const varyingColumns: Readonly<Record<string, RegExp>> = {
  AGE: /^(\d+[smhdy])+$/,
  'CLUSTER-IP': /^\d+\.\d+\.\d+\.\d+$/,
  'API-ENDPOINT': /^https:\/\/127\.0\.0\.1:\d+$/,
  IP: /^\d+\.\d+\.\d+\.\d+$/,
  NODE: /^member\d-node\d$/,
};

function tableIn(text: string): readonly string[] {
  const { columns, rows }: PrintedTable = readTable(text);
  const lines = rows.map((row) =>
    columns
      .map((column) => (varyingColumns[column]?.test(row[column] ?? '') ? '*' : row[column]!))
      .join(' | ')
      .replaceAll(generatedNames, '$1-*'),
  );
  return [columns.join(' | '), ...lines];
}

const scheduled = /Result: \{([^}]*)\}/;
const holder = /\S+ became leader/;

function eventsIn(raw: RawSnapshot): readonly string[] {
  const ids = identities(raw);
  const lines = raw.events.map((event) => {
    const { kind, name, namespace } = event.involvedObject as Record<string, string>;
    const { component } = event.source as { component: string };
    const message = (event.message as string)
      .replaceAll(uuid, (id) => ids.get(id) ?? '<uuid>')
      .replace(scheduled, (_, result: string) => `Result: {${result.split(', ').sort().join(', ')}}`)
      .replace(holder, '<holder> became leader');
    return `${component}: ${event.type as string} ${event.reason as string} on ${kind} ${placeOf({ namespace, name: name! })}: ${message}`;
  });
  return [...new Set(lines)].sort();
}

export const snapshotOf = (raw: RawSnapshot): Snapshot => ({
  objects: objectsIn(raw),
  tables: Object.fromEntries(Object.entries(raw.tables).map(([name, text]) => [name, tableIn(text)])),
  events: eventsIn(raw),
});
