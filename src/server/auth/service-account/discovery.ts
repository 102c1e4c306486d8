/**
 * OIDC discovery (kube-apiserver's ServiceAccountIssuerDiscovery): by which keys ServiceAccount tokens are signed, for
 * those who check them on their own.
 */
import type { JsonValue, UnstructuredObject } from '#kube/meta/object.ts';
import type { RawResponse } from '#kube/request/request.ts';
import type { JsonWebKey } from '#world/certificates/token-signing.ts';
import type { Storage } from '../../registry/storage.ts';

/** Who signs ServiceAccount tokens. */
export interface TokenIssuer {
  readonly url: string;
  readonly keys: () => readonly JsonWebKey[];
}

export const issuerPaths = ['/.well-known/openid-configuration', '/openid/v1/jwks'] as const;
const [configuration, keySet] = issuerPaths;

const cached = { 'cache-control': 'public, max-age=3600' };

const answer = (contentType: string, body: JsonValue): RawResponse => ({
  code: 200,
  contentType,
  headers: cached,
  body: JSON.stringify(body),
});

/** As go-jose orders them. */
const fields = ['use', 'kty', 'kid', 'crv', 'alg', 'n', 'e', 'x', 'y'];

const ordered = (key: JsonWebKey) =>
  Object.fromEntries(fields.flatMap((field) => (key[field] === undefined ? [] : [[field, key[field]]])));

interface Subset {
  readonly addresses?: readonly { readonly ip: string }[];
  readonly ports?: readonly { readonly port: number }[];
}

/** Where Pods reach this server, as it advertises itself. */
function advertised(storage: Pick<Storage, 'find'>): string {
  const endpoints = storage.find('endpoints', 'default', 'kubernetes') as UnstructuredObject | undefined;
  const [subset] = (endpoints?.subsets ?? []) as readonly Subset[];
  const ip = subset?.addresses?.[0]?.ip;
  if (ip === undefined) return 'kubernetes.default.svc';
  return `${ip.includes(':') ? `[${ip}]` : ip}:${subset?.ports?.[0]?.port ?? 443}`;
}

/** undefined for another path, and for an issuer that is no https URL: nobody could look anything up there. */
export const issuerDiscovery =
  ({ url, keys }: TokenIssuer, storage: Pick<Storage, 'find'>) =>
  (pathname: string): RawResponse | undefined => {
    if (!url.startsWith('https://')) return undefined;
    if (pathname === keySet) return answer('application/jwk-set+json', { keys: keys().map(ordered) });
    if (pathname !== configuration) return undefined;
    return answer('application/json', {
      issuer: url,
      jwks_uri: `https://${advertised(storage)}${keySet}`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: [...new Set(keys().map(({ alg = '' }) => alg))],
    });
  };
