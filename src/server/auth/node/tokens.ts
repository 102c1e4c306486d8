/** Tokens that a node asks for: of accounts of its own Pods, for audiences that those Pods speak of (NodeRestriction). */
import type { JsonObject, KubeObject } from '#kube/meta/object.ts';
import type { ApiRequest } from '#kube/request/request.ts';
import { forbidden, notFound } from '#kube/status/errors.ts';
import type { Authorizer } from '../authorizer.ts';
import type { TokenRequest } from '../service-account/token-request.ts';
import { nodeOf } from './identity.ts';
import type { ReadObjects } from './relations.ts';
import { at, itemsAt, specOf, textAt } from './values.ts';

/** What is missing on the way from a claim to a driver; told where no other way leads to the audience. */
class Missing extends Error {}

function present(object: KubeObject | undefined, resource: string, name: string): KubeObject {
  if (!object) throw new Missing(`${resource} ${JSON.stringify(name)} not found`);
  return object;
}

function driverOfClaim({ find }: ReadObjects, namespace: string, name: string): string {
  const claim = present(find('persistentvolumeclaims', namespace, name), 'persistentvolumeclaim', name);
  const volumeName = textAt(claim, 'spec', 'volumeName');
  const volume = present(find('persistentvolumes', '', volumeName), 'persistentvolume', volumeName);
  return textAt(volume, 'spec', 'csi', 'driver');
}

function driverOf(read: ReadObjects, pod: KubeObject, volume: JsonObject): string {
  const { namespace = '', name } = pod.metadata;
  if (at(volume, 'ephemeral', 'volumeClaimTemplate'))
    return driverOfClaim(read, namespace, `${name}-${textAt(volume, 'name')}`);
  const claim = textAt(volume, 'persistentVolumeClaim', 'claimName');
  return claim === '' ? textAt(volume, 'csi', 'driver') : driverOfClaim(read, namespace, claim);
}

function speaksOf(read: ReadObjects, pod: KubeObject, volume: JsonObject, audience: string): boolean {
  const tokens = itemsAt(volume, 'projected', 'sources').filter((source) => source.serviceAccountToken);
  if (tokens.some((source) => textAt(source, 'serviceAccountToken', 'audience') === audience)) return true;
  const driver = driverOf(read, pod, volume);
  if (driver === '') return false;
  const found = present(read.find('storage.k8s.io/csidrivers', '', driver), 'csidriver.storage.k8s.io', driver);
  return itemsAt(found, 'spec', 'tokenRequests').some((request) => textAt(request, 'audience') === audience);
}

/** Whether the Pod's volumes speak of the audience. Throws what was in the way. */
function isSpokenOf(read: ReadObjects, pod: KubeObject, audience: string): boolean {
  const missing: string[] = [];
  for (const volume of itemsAt(pod, 'spec', 'volumes')) {
    try {
      if (speaksOf(read, pod, volume, audience)) return true;
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      missing.push(error.message);
    }
  }
  if (missing.length > 0) throw new Missing(missing.length === 1 ? missing[0] : `[${missing.join(', ')}]`);
  return false;
}

export interface TokenRestriction {
  readonly read: ReadObjects;
  readonly authorizer: Authorizer;
}

function audienceError(
  { read, authorizer }: TokenRestriction,
  { user, path }: ApiRequest,
  pod: KubeObject,
  audiences: readonly string[],
): string | undefined {
  if (audiences.length > 1) return 'node may only request 0 or 1 audiences';
  const [audience = ''] = audiences;
  try {
    if (isSpokenOf(read, pod, audience)) return undefined;
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    return `error validating audience ${JSON.stringify(audience)}: ${error.message}`;
  }
  const { namespace = '', name = '' } = path;
  const verb = 'request-serviceaccounts-token-audience';
  if (authorizer.authorize({ user, verb, apiGroup: '', resource: audience, namespace, name }).allowed) return undefined;
  return `audience ${JSON.stringify(audience)} not found in pod spec volume, ${user.name} is not authorized to request tokens for this audience`;
}

function podError(restriction: TokenRestriction, request: ApiRequest, asked: TokenRequest, node: string) {
  const { boundObjectRef: ref, audiences = [] } = asked.spec ?? {};
  if (ref?.apiVersion !== 'v1' || ref.kind !== 'Pod' || !ref.name) return 'node requested token not bound to a pod';
  if (!ref.uid) return 'node requested token with a pod binding without a uid';
  const pod = restriction.read.find('pods', request.path.namespace ?? '', ref.name);
  if (!pod) throw notFound({ group: '', resource: 'pods' }, ref.name);
  if (ref.uid !== pod.metadata.uid)
    return `the UID in the bound object reference (${ref.uid}) does not match the UID in record. The object might have been deleted and then recreated`;
  if (specOf(pod).nodeName !== node) return 'node requested token bound to a pod scheduled on a different node';
  return audienceError(restriction, request, pod, audiences);
}

/** Throws Forbidden for a token that a node may not have, NotFound for a Pod that is not there. */
export const restrictTokens =
  (restriction: TokenRestriction) =>
  (request: ApiRequest, asked: TokenRequest): void => {
    const node = nodeOf(request.user);
    if (node === false) return;
    const why = podError(restriction, request, asked, node);
    if (why) throw forbidden({ group: '', resource: 'serviceaccounts' }, request.path.name ?? '', why);
  };
