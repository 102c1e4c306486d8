/** The name and the namespace of an object that is being written. */
import type { KubeObject } from '#kube/meta/object.ts';
import { badRequest } from '#kube/status/errors.ts';
import { type Random, suffix } from '#world/random/random.ts';
import type { Scope } from '../context.ts';
import { withMetadata } from '../metadata.ts';

/** 63 characters less the 5 that are appended, as apiserver's simpleNameGenerator. */
const longestBase = 58;

export function generatedName(base: string, random: Random): string {
  return `${base.slice(0, longestBase)}${suffix(random)}`;
}

/** On create: an absent namespace is the path's; a cluster-scoped object has none. Throws BadRequest. */
export function inNamespace(scope: Scope, object: KubeObject): KubeObject {
  const { namespace = '' } = object.metadata;
  if (namespace === scope.namespace) return object;
  if (namespace === '' || scope.namespace === '') {
    return withMetadata(object, { namespace: scope.namespace === '' ? undefined : scope.namespace });
  }
  throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

/** On update: the object must be the one the path names. Throws BadRequest. */
export function matchesPath(scope: Scope, object: KubeObject): KubeObject {
  const placed = inNamespace(scope, object);
  const { name = '' } = object.metadata;
  // What is no text is refused by the decoder, in its words.
  if (typeof name !== 'string') return placed;
  if (name === '') {
    throw badRequest(`the name of the object (${scope.name} based on URL) was undeterminable: name must be provided`);
  }
  if (name !== scope.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${scope.name})`);
  }
  return placed;
}

/** Tells the audit log, where there is one, what was sent: decoded, but without the namespace that only the path says. */
export function tellSent({ request, namespace }: Scope, object: KubeObject): void {
  if (!request.sent) return;
  const { metadata } = (request.body ?? {}) as Partial<KubeObject>;
  const { namespace: _ofPath, ...rest } = object.metadata;
  const whole = namespace === '' || metadata?.namespace !== undefined;
  request.sent(whole ? object : { ...object, metadata: rest });
}
