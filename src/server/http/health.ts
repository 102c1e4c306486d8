/** `/healthz`, `/livez` and `/readyz`: all checks, each by name, and `?verbose`, as kube-apiserver answers them. */
import type { RawResponse } from '#kube/request/request.ts';

export interface HealthCheck {
  readonly name: string;
  /** Throws or rejects when something is wrong. */
  readonly check: () => void | Promise<void>;
  /** False for what a restart would not mend: it counts for readiness only. */
  readonly live: boolean;
}

/** How a check of an endpoint came out: for metrics. */
export type CheckObserver = (endpoint: string, check: string, healthy: boolean) => void;

export interface Health {
  /** undefined: not a health path, or a check nobody has. */
  readonly answer: (pathname: string, query: URLSearchParams) => Promise<RawResponse | undefined>;
  /** `/healthz`, `/healthz/ping`, …: for the index at `/`. */
  readonly paths: () => readonly string[];
}

const text = (code: number, body: string): RawResponse => ({
  code,
  contentType: 'text/plain; charset=utf-8',
  body,
  headers: { 'x-content-type-options': 'nosniff' },
});

const ping: HealthCheck = { name: 'ping', check: () => {}, live: true };

async function failureOf({ check }: HealthCheck): Promise<string | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What failed is told, why only to those who may ask for the check itself: the endpoint is open to everybody. */
async function report(
  endpoint: string,
  checks: readonly HealthCheck[],
  query: URLSearchParams,
  observe: CheckObserver,
): Promise<RawResponse> {
  const excluded = new Set(query.getAll('exclude').flatMap((names) => names.split(',')));
  const lines: string[] = [];
  let failed = false;
  for (const check of checks) {
    if (excluded.delete(check.name)) {
      lines.push(`[+]${check.name} excluded: ok`);
      continue;
    }
    const failure = await failureOf(check);
    failed ||= failure !== undefined;
    observe(endpoint, check.name, failure === undefined);
    lines.push(failure === undefined ? `[+]${check.name} ok` : `[-]${check.name} failed: reason withheld`);
  }
  excluded.delete('');
  if (excluded.size > 0) {
    const names = [...excluded].sort().map((name) => JSON.stringify(name));
    lines.push(`warn: some health checks cannot be excluded: no matches for ${names.join(',')}`);
  }
  if (failed) return text(500, `${lines.join('\n')}\n${endpoint} check failed\n`);
  return text(200, query.has('verbose') ? `${lines.join('\n')}\n${endpoint} check passed\n` : 'ok');
}

/** Checks that are there for readiness alone, though nothing but their name says so. */
const onlyReady = new Set(['etcd-readiness', 'informer-sync', 'shutdown']);

export function createHealth(given: readonly HealthCheck[], observe: CheckObserver = () => {}): Health {
  const all = [ping, ...given];
  const endpoints: Readonly<Record<string, readonly HealthCheck[]>> = {
    healthz: all.filter(({ name }) => !onlyReady.has(name)),
    livez: all.filter(({ name, live }) => live && !onlyReady.has(name)),
    readyz: all,
  };
  return {
    answer: async (pathname, query) => {
      const [, endpoint = '', ...rest] = pathname.split('/');
      const checks = Object.hasOwn(endpoints, endpoint) ? endpoints[endpoint] : undefined;
      if (!checks) return undefined;
      if (rest.length === 0) return report(endpoint, checks, query, observe);
      const name = rest.join('/');
      const check = checks.find((candidate) => candidate.name === name);
      if (!check) return undefined;
      const failure = await failureOf(check);
      return failure === undefined ? text(200, 'ok') : text(500, `internal server error: ${failure}\n`);
    },
    paths: () =>
      Object.entries(endpoints).flatMap(([endpoint, checks]) => [
        `/${endpoint}`,
        ...checks.map(({ name }) => `/${endpoint}/${name}`),
      ]),
  };
}
