/** `serviceaccounts/{name}/token`: a TokenRequest answered with a token for the account, and maybe bound to an object. */
import { recordUpdate } from '#kube/apply/update.ts';
import { parseApiVersion } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { ApiRequest } from '#kube/request/request.ts';
import { array, int64, object, string } from '#kube/schema/build.ts';
import { decodeError } from '#kube/schema/decode.ts';
import { withEnvelope } from '#kube/schema/metadata.ts';
import { prune } from '#kube/schema/prune.ts';
import { invalidValue } from '#kube/status/causes.ts';
import { badRequest, conflict, invalid, notFound } from '#kube/status/errors.ts';
import { type Clock, timestamp } from '#world/clock/clock.ts';
import { type BoundReference, boundTo } from './bound.ts';
import type { FindObject } from './standing.ts';
import type { ServiceAccountTokens } from './tokens.ts';

export interface TokenRequest extends KubeObject {
  readonly spec?: {
    readonly audiences?: readonly string[];
    readonly expirationSeconds?: number;
    readonly boundObjectRef?: BoundReference;
  };
}

export interface TokenRequestOptions {
  readonly tokens: ServiceAccountTokens;
  readonly find: FindObject;
  readonly clock: Clock;
  /** Throws Forbidden where the asker may not have this token: nodes. */
  readonly restrict: (request: ApiRequest, asked: TokenRequest) => void;
}

const kind = { group: 'authentication.k8s.io', kind: 'TokenRequest' } as const;
const apiVersion = 'authentication.k8s.io/v1';

const schema = withEnvelope(
  object({
    spec: object({
      audiences: array(string(), { listType: 'atomic' }),
      expirationSeconds: int64(),
      boundObjectRef: object({ kind: string(), apiVersion: string(), name: string(), uid: string() }),
    }),
    status: object({}),
  }),
);

const seconds = {
  default: 3_600,
  least: 600,
  most: 2 ** 32,
  /** What kubelets ask for: an older client may go on for a year with it, and is only warned of. */
  extended: 3_607,
  extension: 365 * 86_400,
} as const;

/** Throws BadRequest for a body that is none. */
function decoded({ body, options }: ApiRequest): TokenRequest {
  const sent = (body ?? {}) as TokenRequest & { readonly apiVersion?: string; readonly kind?: string };
  const { version } = parseApiVersion(sent.apiVersion ?? apiVersion);
  const cannot = `${sent.kind ?? kind.kind} in version ${JSON.stringify(version)} cannot be handled as a TokenRequest: `;
  if ((sent.kind ?? kind.kind) !== kind.kind)
    throw badRequest(
      `${cannot}converting (${version}.${sent.kind}) to (authentication.TokenRequest): unknown conversion`,
    );
  const whole = { ...sent, apiVersion, kind: kind.kind, metadata: sent.metadata ?? {} };
  const text = decodeError(schema, whole, kind.kind);
  if (text !== undefined) throw badRequest(cannot + text);
  const { value, unknown } = prune(schema, whole);
  if (options.fieldValidation === 'Strict' && unknown.length > 0) {
    const fields = unknown.map((path) => `unknown field ${JSON.stringify(path)}`);
    throw badRequest(`${cannot}strict decoding error: ${fields.join(', ')}`);
  }
  const expirationSeconds = value.spec?.expirationSeconds ?? seconds.default;
  const { status: _status, ...rest } = value as TokenRequest & { readonly status?: unknown };
  return { ...rest, spec: { ...value.spec, expirationSeconds } };
}

/** Throws BadRequest or Invalid where the body speaks of another account than the path. */
function requirePlace({ metadata }: TokenRequest, namespace: string, name: string): void {
  if (metadata.namespace && metadata.namespace !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  if (!metadata.name || metadata.name === name) return;
  const why = 'must match the service account name if specified';
  throw invalid(kind, name, [invalidValue('metadata.name', metadata.name, why)]);
}

function requireSeconds(value: number): void {
  const field = 'spec.expirationSeconds';
  if (value < seconds.least)
    throw invalid(kind, '', [invalidValue(field, value, 'may not specify a duration less than 10 minutes')]);
  if (value > seconds.most)
    throw invalid(kind, '', [invalidValue(field, value, 'may not specify a duration larger than 2^32 seconds')]);
}

/** What Go's struct says before anybody has: nobody comes to own that its parts are there. */
const unasked = { apiVersion, kind: kind.kind, metadata: {}, spec: { boundObjectRef: {} } };

function owned(request: ApiRequest, asked: TokenRequest, now: number): TokenRequest {
  const { fieldManager } = request.options;
  const manager = fieldManager || (request.userAgent ?? '').split('/', 1)[0] || 'unknown';
  return recordUpdate<KubeObject>({
    schema,
    old: unasked,
    updated: asked,
    manager,
    apiVersion,
    subresource: 'token',
    now,
  });
}

/** Throws NotFound, Conflict, Invalid or BadRequest. Answers the TokenRequest with its status. */
export function answerTokenRequest(request: ApiRequest, options: TokenRequestOptions): KubeObject {
  const { tokens, find, clock, restrict } = options;
  const { namespace = '', name = '' } = request.path;
  const sent = decoded(request);
  if (sent.metadata.namespace)
    requirePlace({ ...sent, metadata: { namespace: sent.metadata.namespace } }, namespace, name);
  restrict(request, sent);
  requirePlace(sent, namespace, name);
  const account = find('serviceaccounts', namespace, name);
  if (!account) throw notFound({ group: '', resource: 'serviceaccounts' }, name);
  const uid = account.metadata.uid ?? '';
  if (sent.metadata.uid && sent.metadata.uid !== uid) {
    const why = `the UID in the token request (${sent.metadata.uid}) does not match the UID of the service account (${uid})`;
    throw conflict({ group: kind.group, resource: kind.kind }, name, why);
  }
  const asked = owned(request, sent, clock.now());
  const { spec = {} } = asked;
  const { expirationSeconds = seconds.default, boundObjectRef } = spec;
  const audiences = spec.audiences?.length ? spec.audiences : [tokens.issuer];
  requireSeconds(expirationSeconds);
  const bound = boundObjectRef && boundTo(find, namespace, name, boundObjectRef);
  const extends_ =
    bound?.pod !== undefined &&
    expirationSeconds === seconds.extended &&
    audiences.every((audience) => audience === tokens.issuer);
  const { token, id, issuedAt } = tokens.issue({
    namespace,
    account: { name, uid },
    audiences,
    expirationSeconds: extends_ ? seconds.extension : expirationSeconds,
    ...(extends_ ? { warnAfterSeconds: expirationSeconds } : {}),
    ...(bound ? { bound } : {}),
  });
  request.annotate?.('authentication.kubernetes.io/issued-credential-id', `JTI=${id}`);
  const answer = {
    kind: kind.kind,
    apiVersion,
    metadata: { ...asked.metadata, name, namespace, uid, creationTimestamp: timestamp(issuedAt) },
    spec: { audiences, expirationSeconds, boundObjectRef: boundObjectRef ?? null },
    status: { token, expirationTimestamp: timestamp(issuedAt + expirationSeconds * 1_000) },
  };
  return answer as KubeObject;
}
