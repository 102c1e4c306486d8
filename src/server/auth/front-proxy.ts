/** Users as a front proxy tells of them: an API server before this one has asked who they are (apiserver's requestheader). */
import type { UserInfo } from '#kube/request/request.ts';
import { allAuthenticated } from './authenticator.ts';
import type { HeaderLists } from './impersonate.ts';

export interface FrontProxies {
  /** PEM: who vouches for front proxies. */
  readonly ca: string;
  /** Common names they may have; any when empty. */
  readonly allowedNames: readonly string[];
  /** The same authority vouches for users' certificates. */
  readonly alsoClients?: boolean;
}

/** As kube-aggregator sends them. */
const [nameHeader, uidHeader, groupHeader, extraPrefix] = [
  'x-remote-user',
  'x-remote-uid',
  'x-remote-group',
  'x-remote-extra-',
] as const;

function decodedKey(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** undefined: nobody is told of. */
export function toldUser(headers: HeaderLists): UserInfo | undefined {
  const name = headers[nameHeader]?.find((each) => each !== '');
  if (name === undefined) return undefined;
  const uid = headers[uidHeader]?.find((each) => each !== '');
  const groups = headers[groupHeader] ?? [];
  const extra: Record<string, readonly string[]> = {};
  for (const header in headers) {
    if (!header.startsWith(extraPrefix)) continue;
    const key = decodedKey(header.slice(extraPrefix.length));
    extra[key] = [...(extra[key] ?? []), ...(headers[header] ?? [])];
  }
  const known = groups.includes(allAuthenticated) || groups.includes('system:unauthenticated');
  return {
    name,
    ...(uid === undefined ? {} : { uid }),
    groups: known ? groups : [...groups, allAuthenticated],
    ...(Object.keys(extra).length > 0 ? { extra } : {}),
  };
}
