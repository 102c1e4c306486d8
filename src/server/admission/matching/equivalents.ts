/** Under which of its names a resource is spoken of by rules, and objects in the version those rules speak of. */
import type { AdmissionRequest } from '#kube/admission/review.ts';
import type { GroupVersionKind } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { KindRegistry } from '../../registry/kinds/registry.ts';
import { converted } from '../../registry/kinds/remote.ts';
import { fromStorage, type ServedKind, toStorage } from '../../registry/kinds/served.ts';
import type { AdmissionTarget } from '../step.ts';

/** A resource as a rule has matched it. */
export interface Matched {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  /** Absent for a resource that is not the request's own: then its kind is. */
  readonly served?: ServedKind;
}

/**
 * The resource itself when `matches` it, else (matchPolicy Equivalent) another group or version of the same objects.
 * `matchers`: one for each rule; earlier rules are honoured first.
 */
export function matchedResource(
  kinds: KindRegistry,
  target: AdmissionTarget,
  equivalent: boolean,
  matchers: readonly ((target: AdmissionTarget) => boolean)[],
): Matched | undefined {
  const { group, version, resource } = target;
  if (matchers.some((matches) => matches(target))) return { group, version, resource };
  const own = equivalent ? kinds.find(group, version, resource) : undefined;
  if (!own) return undefined;
  const others = kinds.all().filter((kind) => kind !== own && kind.storageResource === own.storageResource);
  for (const matches of matchers) {
    const served = others.find(({ definition }) => matches({ ...target, ...nameOf(definition) }));
    if (served) return { ...nameOf(served.definition), served };
  }
  return undefined;
}

const nameOf = ({ group, version, resource }: { group: string; version: string; resource: string }) => ({
  group,
  version,
  resource,
});

export function targetOf(request: AdmissionRequest, namespaced: boolean): AdmissionTarget {
  const { group, version, resource, subresource = '' } = request.path;
  return { group, version, resource, subresource, namespaced, operation: request.operation };
}

/** The kind of what is sent to a matched resource: a Scale stays a Scale. */
const kindAs = (request: AdmissionRequest, { definition }: ServedKind): GroupVersionKind =>
  takesItself(request) ? { group: definition.group, version: definition.version, kind: definition.kind } : request.kind;

/** Subresources with a kind of their own have it in every version of the resource. */
const takesItself = ({ kind, path }: AdmissionRequest): boolean =>
  !path.subresource || (kind.group === path.group && kind.version === path.version);

/** To be awaited before asMatched: versions that a webhook converts are converted here. */
export async function prepareMatched(
  kinds: KindRegistry,
  request: AdmissionRequest,
  { served }: Matched,
): Promise<void> {
  const { path, object, oldObject } = request;
  const own = kinds.find(path.group, path.version, path.resource);
  if (!served || !own?.conversion?.remote || !takesItself(request)) return;
  for (const each of [object, oldObject]) if (each) await converted(own, served, each);
}

/** The same before fromMatched. */
export async function prepareBack(
  kinds: KindRegistry,
  request: AdmissionRequest,
  { served }: Matched,
  object: KubeObject,
): Promise<void> {
  const { group, version, resource } = request.path;
  const own = kinds.find(group, version, resource);
  if (served && own?.conversion?.remote && takesItself(request)) await converted(served, own, object);
}

/** The request in the version that was matched; the same one when it is its own. */
export function asMatched(kinds: KindRegistry, request: AdmissionRequest, { served }: Matched): AdmissionRequest {
  const { path, object, oldObject } = request;
  const own = kinds.find(path.group, path.version, path.resource);
  if (!served || !own) return request;
  const convert = (from: KubeObject) => (takesItself(request) ? fromStorage(served, toStorage(own, from)) : from);
  const { group, version, resource } = served.definition;
  return {
    ...request,
    kind: kindAs(request, served),
    path: { ...path, group, version, resource },
    ...(object ? { object: convert(object) } : {}),
    ...(oldObject ? { oldObject: convert(oldObject) } : {}),
  };
}

/** What became of the matched form, in the request's own version. */
export function fromMatched(
  kinds: KindRegistry,
  request: AdmissionRequest,
  { served }: Matched,
  object: KubeObject,
): KubeObject {
  const { group, version, resource } = request.path;
  const own = kinds.find(group, version, resource);
  return served && own && takesItself(request) ? fromStorage(own, toStorage(served, object)) : object;
}
