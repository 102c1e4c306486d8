/** What a service account token says: the claims of bound tokens (TokenRequest) and of those in Secrets. */
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';
import { serviceAccountUser } from './name.ts';

/** kube-apiserver's --service-account-issuer as kubeadm sets it; also the one audience the API server is. */
export const defaultIssuer = 'https://kubernetes.default.svc.cluster.local';

/** Of tokens in Secrets; they do not expire. */
export const legacyIssuer = 'kubernetes/serviceaccount';

/** An object that a token speaks of. */
export interface NamedObject {
  readonly name: string;
  readonly uid: string;
}

export interface TokenClaims {
  readonly namespace: string;
  readonly account: NamedObject;
  readonly pod?: NamedObject;
  readonly secret?: NamedObject;
  /** The Pod's node, or the one object whose end is the token's end. Without a uid where it was not there. */
  readonly node?: NamedObject;
  /** Set on tokens that live in a Secret. */
  readonly legacySecret?: string;
  readonly audiences: readonly string[];
  /** Seconds since 1970. */
  readonly issuedAt?: number;
  readonly notBefore?: number;
  readonly expires?: number;
  /** When it should have been renewed, though it is still good. */
  readonly warnAfter?: number;
  readonly id?: string;
}

const nodeReference = ({ name, uid }: NamedObject) => ({ name, ...(uid ? { uid } : {}) });

export function boundTokenPayload(claims: TokenClaims, issuer: string): JsonObject {
  const { namespace, account, pod, secret, node, warnAfter, issuedAt } = claims;
  return {
    aud: [...claims.audiences],
    exp: claims.expires,
    iat: issuedAt,
    iss: issuer,
    jti: claims.id,
    'kubernetes.io': {
      namespace,
      ...(node ? { node: nodeReference(node) } : {}),
      ...(pod ? { pod: { ...pod } } : {}),
      ...(secret ? { secret: { ...secret } } : {}),
      serviceaccount: { ...account },
      ...(warnAfter === undefined ? {} : { warnafter: warnAfter }),
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

export const legacyTokenPayload = (namespace: string, account: NamedObject, secret: string): JsonObject => ({
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
const nameAndUid = (value: JsonValue | undefined): NamedObject => ({
  name: text(record(value).name),
  uid: text(record(value).uid),
});

function number<K extends string>(key: K, value: JsonValue | undefined): { readonly [P in K]?: number } {
  return typeof value === 'number' ? ({ [key]: value } as { readonly [P in K]?: number }) : {};
}

function named<K extends string>(key: K, value: JsonValue | undefined): { readonly [P in K]?: NamedObject } {
  return value === undefined ? {} : ({ [key]: nameAndUid(value) } as { readonly [P in K]?: NamedObject });
}

/** Of a token of one of our issuers. */
export function readClaims(payload: JsonObject, issuer: string): TokenClaims {
  if (payload.iss === legacyIssuer) {
    return {
      namespace: text(payload[legacy.namespace]),
      account: { name: text(payload[legacy.name]), uid: text(payload[legacy.uid]) },
      legacySecret: text(payload[legacy.secret]),
      audiences: [issuer],
    };
  }
  const scope = record(payload['kubernetes.io']);
  const audiences = Array.isArray(payload.aud) ? payload.aud.map(text) : [text(payload.aud)].filter(Boolean);
  return {
    namespace: text(scope.namespace),
    account: nameAndUid(scope.serviceaccount),
    audiences: audiences.length > 0 ? audiences : [issuer],
    ...number('issuedAt', payload.iat),
    ...number('notBefore', payload.nbf),
    ...number('expires', payload.exp),
    ...number('warnAfter', scope.warnafter),
    id: text(payload.jti),
    ...named('pod', scope.pod),
    ...named('secret', scope.secret),
    ...named('node', scope.node),
  };
}
