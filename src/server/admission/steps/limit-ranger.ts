/** LimitRanger: a namespace's defaults and bounds for what a container may ask for. Bounds of whole Pods are not looked at. */
import type { AdmissionRequest } from '#kube/admission/review.ts';
import type { JsonObject, JsonValue, UnstructuredObject } from '#kube/meta/object.ts';
import { compareQuantity, parseQuantity } from '#kube/quantity/quantity.ts';
import { refuse } from '../refuse.ts';
import { type AdmissionStep, handlesResource } from '../step.ts';

const annotation = 'kubernetes.io/limit-ranger';

type Quantities = Readonly<Record<string, string>>;

interface ContainerLimit {
  readonly type?: string;
  readonly default?: Quantities;
  readonly defaultRequest?: Quantities;
  readonly min?: Quantities;
  readonly max?: Quantities;
}

const listOf = (value: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? (value as readonly JsonObject[]) : [];

export function limitRanger(find: (namespace: string) => readonly UnstructuredObject[]): AdmissionStep {
  return {
    name: 'LimitRanger',
    phase: 'mutate',
    handles: handlesResource('', 'pods', ['CREATE']),
    review: (request) => {
      const limits = find(request.path.namespace ?? '').flatMap(({ spec }) =>
        ((spec as { readonly limits?: readonly ContainerLimit[] })?.limits ?? []).filter(
          ({ type }) => type === 'Container',
        ),
      );
      if (limits.length === 0) return { allowed: true };
      return { allowed: true, object: limited(request, limits) };
    },
  };
}

function limited(request: AdmissionRequest, limits: readonly ContainerLimit[]): UnstructuredObject {
  const pod = request.object as UnstructuredObject;
  const spec = (pod.spec ?? {}) as JsonObject;
  const said: string[] = [];
  const apply = (field: 'containers' | 'initContainers', word: string) =>
    listOf(spec[field]).map((container) => {
      const resources = defaulted((container.resources ?? {}) as Resources, limits, (kind, names) => {
        said.push(`${names.sort().join(', ')} ${kind} for ${word} ${container.name as string}`);
      });
      checkBounds(request, resources, limits);
      return { ...container, resources };
    });
  const containers = apply('containers', 'container');
  const initContainers = apply('initContainers', 'init container');
  const settled = { ...spec, containers, ...(initContainers.length > 0 ? { initContainers } : {}) };
  const annotations =
    said.length > 0
      ? { ...pod.metadata.annotations, [annotation]: `LimitRanger plugin set: ${said.join('; ')}` }
      : pod.metadata.annotations;
  return {
    ...pod,
    metadata: { ...pod.metadata, ...(annotations ? { annotations } : {}) },
    spec: settled,
  } as UnstructuredObject;
}

interface Resources {
  readonly requests?: Quantities;
  readonly limits?: Quantities;
}

function defaulted(
  resources: Resources,
  ranges: readonly ContainerLimit[],
  tell: (kind: 'request' | 'limit', names: string[]) => void,
): Resources {
  const requests = { ...resources.requests };
  const limits = { ...resources.limits };
  const fill = (into: Record<string, string>, from: Quantities | undefined) => {
    const added = Object.keys(from ?? {}).filter((name) => into[name] === undefined);
    for (const name of added) into[name] = from![name]!;
    return added;
  };
  const requested: string[] = [];
  const limited: string[] = [];
  for (const range of ranges) {
    limited.push(...fill(limits, range.default));
    requested.push(...fill(requests, range.defaultRequest));
  }
  if (requested.length > 0) tell('request', requested);
  if (limited.length > 0) tell('limit', limited);
  const some = (map: Quantities) => Object.keys(map).length > 0;
  return { ...resources, ...(some(limits) ? { limits } : {}), ...(some(requests) ? { requests } : {}) };
}

function checkBounds(
  request: AdmissionRequest,
  { requests = {}, limits = {} }: Resources,
  ranges: readonly ContainerLimit[],
): void {
  for (const { min = {}, max = {} } of ranges) {
    for (const [name, bound] of Object.entries(min)) {
      const asked = requests[name];
      if (asked === undefined)
        throw refuse(request, `minimum ${name} usage per Container is ${bound}.  No request is specified`);
      if (compareQuantity(parseQuantity(asked), parseQuantity(bound)) < 0) {
        throw refuse(request, `minimum ${name} usage per Container is ${bound}, but request is ${asked}`);
      }
    }
    for (const [name, bound] of Object.entries(max)) {
      const allowed = limits[name];
      if (allowed === undefined)
        throw refuse(request, `maximum ${name} usage per Container is ${bound}.  No limit is specified`);
      if (compareQuantity(parseQuantity(allowed), parseQuantity(bound)) > 0) {
        throw refuse(request, `maximum ${name} usage per Container is ${bound}, but limit is ${allowed}`);
      }
    }
  }
}
