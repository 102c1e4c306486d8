/** LimitRanger: a namespace's defaults and bounds for what containers, Pods and claims may ask for. */
import type { LimitRange, PersistentVolumeClaim, Pod } from '#apis/kubernetes/types.ts';
import type { AdmissionRequest } from '#kube/admission/review.ts';
import type { JsonObject, JsonValue, UnstructuredObject } from '#kube/meta/object.ts';
import { refuse } from '../refuse.ts';
import type { AdmissionStep, AdmissionTarget } from '../step.ts';
import { claimErrors, podErrors } from './limit-bounds.ts';

type Find = (namespace: string) => readonly UnstructuredObject[];

const name = 'LimitRanger';
const annotation = 'kubernetes.io/limit-ranger';

/** Pods when they are made and when they are resized, claims always. */
function handles({ group, resource, subresource, operation }: AdmissionTarget): boolean {
  if (group !== '' || (operation !== 'CREATE' && operation !== 'UPDATE')) return false;
  if (resource === 'pods') return operation === 'CREATE' ? subresource === '' : subresource === 'resize';
  return resource === 'persistentvolumeclaims' && subresource === '';
}

/** What is going away is not held to bounds any more. */
const rangesOf = (find: Find, { path, oldObject }: AdmissionRequest): readonly LimitRange[] =>
  oldObject?.metadata.deletionTimestamp === undefined
    ? (find(path.namespace ?? '') as unknown as readonly LimitRange[])
    : [];

export function limitRanger(find: Find): readonly AdmissionStep[] {
  return [
    {
      name,
      phase: 'mutate',
      handles: (target) => target.resource === 'pods' && handles(target),
      review: (request) => {
        const ranges = rangesOf(find, request);
        if (ranges.length === 0) return undefined;
        return { allowed: true, object: ranges.reduce(withDefaults, request.object as UnstructuredObject) };
      },
    },
    {
      name,
      phase: 'validate',
      handles,
      review: (request) => {
        for (const { spec } of rangesOf(find, request)) {
          const errors = spec.limits.flatMap((item) =>
            request.path.resource === 'pods'
              ? podErrors(item, request.object as Pod)
              : claimErrors(item, request.object as PersistentVolumeClaim),
          );
          const texts = [...new Set(errors)];
          if (texts.length > 0) throw refuse(request, texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`);
        }
        return undefined;
      },
    },
  ];
}

const listOf = (value: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? (value as readonly JsonObject[]) : [];

type Quantities = Readonly<Record<string, string | number>>;

/** The Pod with one range's defaults in every container that leaves something open, and a note of it. */
function withDefaults(pod: UnstructuredObject, { spec: { limits } }: LimitRange): UnstructuredObject {
  const items = limits.filter(({ type }) => type === 'Container');
  const requests: Quantities = Object.assign({}, ...items.map(({ defaultRequest }) => defaultRequest));
  const limited: Quantities = Object.assign({}, ...items.map((item) => item.default));
  const spec = (pod.spec ?? {}) as JsonObject;
  const said: string[] = [];
  const apply = (field: 'containers' | 'initContainers', word: string) =>
    listOf(spec[field]).map((container) => {
      const resources = (container.resources ?? {}) as { readonly requests?: Quantities; readonly limits?: Quantities };
      const wanted = { requests: filled(resources.requests, requests), limits: filled(resources.limits, limited) };
      const tell = (kind: 'request' | 'limit', { added }: Filled) => {
        if (added.length > 0) said.push(`${added.join(', ')} ${kind} for ${word} ${container.name as string}`);
      };
      tell('request', wanted.requests);
      tell('limit', wanted.limits);
      if (wanted.requests.added.length === 0 && wanted.limits.added.length === 0) return container;
      const { table: newRequests } = wanted.requests;
      const { table: newLimits } = wanted.limits;
      const settled = {
        ...resources,
        ...(Object.keys(newRequests).length > 0 ? { requests: newRequests } : {}),
        ...(Object.keys(newLimits).length > 0 ? { limits: newLimits } : {}),
      };
      return { ...container, resources: settled };
    });
  const containers = apply('containers', 'container');
  const initContainers = apply('initContainers', 'init container');
  if (said.length === 0) return pod;
  const note = { [annotation]: `LimitRanger plugin set: ${said.join('; ')}` };
  return {
    ...pod,
    metadata: { ...pod.metadata, annotations: { ...pod.metadata.annotations, ...note } },
    spec: { ...spec, containers, ...(initContainers.length > 0 ? { initContainers } : {}) },
  } as UnstructuredObject;
}

interface Filled {
  readonly table: Quantities;
  readonly added: readonly string[];
}

function filled(table: Quantities = {}, defaults: Quantities): Filled {
  const added = Object.keys(defaults)
    .filter((name) => table[name] === undefined)
    .sort();
  return { table: { ...table, ...Object.fromEntries(added.map((name) => [name, defaults[name]!])) }, added };
}
