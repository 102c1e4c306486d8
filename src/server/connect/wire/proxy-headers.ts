/** Which headers pass a proxy, in either direction. Pure. */

/** They speak of one connection only (RFC 9110 section 7.6.1). */
const hopByHop = new Set([
  'connection',
  'proxy-connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What says who the client is to the API server is not for whoever stands behind it. */
const forServer = /^(authorization|impersonate-.*|x-remote-.*|cookie2)$/;

/** Answers of Pods are not allowed to open the API server's own origin to others. */
const crossOrigin = new Set([
  'access-control-allow-credentials',
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-allow-origin',
]);

type Pairs = readonly (readonly [string, string])[];

export const pairsOf = (raw: readonly string[]): Pairs =>
  Array.from({ length: raw.length / 2 }, (_, i) => [raw[2 * i]!, raw[2 * i + 1]!] as const);

/** Named by Connection itself. */
const namedHops = (pairs: Pairs): ReadonlySet<string> =>
  new Set(
    pairs
      .filter(([name]) => name.toLowerCase() === 'connection')
      .flatMap(([, value]) => value.split(',').map((each) => each.trim().toLowerCase())),
  );

export interface Forwarded {
  readonly clientAddress: string;
  /** The path as the client wrote it. */
  readonly uri: string;
  /** Connection and Upgrade stay: the other end is to switch protocols. */
  readonly upgrade: boolean;
}

/** Of the request, as the proxied server gets them. */
export function requestHeaders(raw: readonly string[], { clientAddress, uri, upgrade }: Forwarded): Pairs {
  const pairs = pairsOf(raw);
  const hops = namedHops(pairs);
  const passes = (name: string) =>
    !forServer.test(name) &&
    name !== 'x-forwarded-for' &&
    name !== 'x-forwarded-uri' &&
    !hops.has(name) &&
    !hopByHop.has(name);
  const kept = pairs.filter(([name]) => {
    const lower = name.toLowerCase();
    return passes(lower) || (upgrade && (lower === 'connection' || lower === 'upgrade'));
  });
  const before = pairs.filter(([name]) => name.toLowerCase() === 'x-forwarded-for').map(([, value]) => value);
  return [
    ...kept,
    ['X-Forwarded-For', [...before, clientAddress].join(', ')],
    ...(upgrade ? [] : [['X-Forwarded-Uri', uri] as const]),
  ];
}

/** Of the answer, as the client gets them; grouped, for names may come several times. */
export function answerHeaders(raw: readonly string[]): Record<string, string[]> {
  const pairs = pairsOf(raw);
  const hops = namedHops(pairs);
  const headers: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  for (const [name, value] of pairs) {
    const lower = name.toLowerCase();
    if (hopByHop.has(lower) || hops.has(lower) || crossOrigin.has(lower)) continue;
    headers[name] = [...(headers[name] ?? []), value];
  }
  return headers;
}
