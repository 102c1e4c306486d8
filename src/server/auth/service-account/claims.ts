/** What a service account token says: the claims of bound tokens (TokenRequest) and of those in Secrets. */
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';
import { serviceAccountUser } from './name.ts';

/** kube-apiserver's --service-account-issuer as kubeadm sets it; also the one audience the API server is. */
export const tokenIssuer = 'https://kubernetes.default.svc.cluster.local';

/** Of tokens in Secrets; they do not expire. */
const legacyIssuer = 'kubernetes/serviceaccount';

/** An object whose end is the token's end. */
export interface BoundObject {
  readonly kind: 'Pod' | 'Secret' | 'Node';
  readonly name: string;
  readonly uid: string;
}

export interface TokenClaims {
  readonly namespace: string;
  readonly account: { readonly name: string; readonly uid: string };
  readonly bound?: BoundObject;
  /** Set on tokens that live in a Secret. */
  readonly legacySecret?: string;
  readonly audiences: readonly string[];
  /** Seconds since 1970. */
  readonly notBefore?: number;
  readonly expires?: number;
  readonly id?: string;
}

const boundKinds = { pod: 'Pod', secret: 'Secret', node: 'Node' } as const;

export function boundTokenPayload(claims: TokenClaims, issuedAt: number): JsonObject {
  const { namespace, account, bound } = claims;
  return {
    aud: [...claims.audiences],
    exp: claims.expires,
    iat: issuedAt,
    iss: tokenIssuer,
    jti: claims.id,
    'kubernetes.io': {
      namespace,
      ...(bound ? { [bound.kind.toLowerCase()]: { name: bound.name, uid: bound.uid } } : {}),
      serviceaccount: { name: account.name, uid: account.uid },
    },
    nbf: issuedAt,
    sub: serviceAccountUser(namespace, account.name),
  };
}

const legacy = {
  namespace: 'kubernetes.io/serviceaccount/namespace',
  secret: 'kubernetes.io/serviceaccount/secret.name',
  name: 'kubernetes.io/serviceaccount/service-account.name',
  uid: 'kubernetes.io/serviceaccount/service-account.uid',
} as const;

export const legacyTokenPayload = (namespace: string, account: TokenClaims['account'], secret: string): JsonObject => ({
  iss: legacyIssuer,
  [legacy.namespace]: namespace,
  [legacy.secret]: secret,
  [legacy.name]: account.name,
  [legacy.uid]: account.uid,
  sub: serviceAccountUser(namespace, account.name),
});

const text = (value: JsonValue | undefined) => (typeof value === 'string' ? value : '');
const record = (value: JsonValue | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
const nameAndUid = (value: JsonValue | undefined) => ({ name: text(record(value).name), uid: text(record(value).uid) });

function boundIn(scope: JsonObject): BoundObject | undefined {
  for (const [field, kind] of Object.entries(boundKinds)) {
    if (scope[field] !== undefined) return { kind, ...nameAndUid(scope[field]) };
  }
  return undefined;
}

/** undefined when it is not of one of our issuers. */
export function readClaims(payload: JsonObject): TokenClaims | undefined {
  if (payload.iss === legacyIssuer) {
    return {
      namespace: text(payload[legacy.namespace]),
      account: { name: text(payload[legacy.name]), uid: text(payload[legacy.uid]) },
      legacySecret: text(payload[legacy.secret]),
      audiences: [tokenIssuer],
    };
  }
  if (payload.iss !== tokenIssuer) return undefined;
  const scope = record(payload['kubernetes.io']);
  const bound = boundIn(scope);
  const audiences = Array.isArray(payload.aud) ? payload.aud.map(text) : [text(payload.aud)];
  return {
    namespace: text(scope.namespace),
    account: nameAndUid(scope.serviceaccount),
    audiences,
    notBefore: Number(payload.nbf ?? 0),
    expires: Number(payload.exp ?? 0),
    id: text(payload.jti),
    ...(bound ? { bound } : {}),
  };
}
