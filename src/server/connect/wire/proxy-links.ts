/** URLs that a proxied server gives out, as its client must write them to come through the proxy again. Pure. */

export interface ProxiedPage {
  /** Where the proxied server's root is for the client: `/api/v1/namespaces/a/pods/b/proxy`. */
  readonly prefix: string;
  /** `host:port` of the proxied server, and the Host the client asked for. */
  readonly host: string;
  readonly requestHost: string;
}

const absolute = /^([a-zA-Z][a-zA-Z0-9+.-]*:)?\/\/([^/?#]*)(.*)$/s;

/** The same for what is elsewhere, and for what is relative to the page. */
export function proxiedUrl(url: string, { prefix, host, requestHost }: ProxiedPage): string {
  const parts = absolute.exec(url);
  const [at, rest] = parts ? [parts[2]!, parts[3] || '/'] : ['', url];
  if (at !== '' && at !== host && at !== requestHost) return url;
  if (!rest.startsWith('/')) return url;
  if (rest.startsWith(prefix)) return rest;
  return prefix + rest;
}

/** A path as Go writes it into a URL. */
export const escapedPath = (path: string): string =>
  encodeURI(path.toWellFormed()).replace(/[?#!*'()]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** What of the client's path is not the proxied server's: a proxied path ends it. */
export function prefixOf(pathname: string, proxied: string): string {
  const suffix = pathname.endsWith('/') && !proxied.endsWith('/') ? `${proxied}/` : proxied;
  return suffix !== '' && pathname.endsWith(suffix) ? pathname.slice(0, -suffix.length) : pathname;
}
