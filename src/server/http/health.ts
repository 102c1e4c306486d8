/** `/healthz`, `/livez` and `/readyz`: all checks, each by name, and `?verbose`, as kube-apiserver answers them. */
import type { RawResponse } from '#kube/request/request.ts';

export interface HealthCheck {
  readonly name: string;
  /** Throws or rejects when something is wrong. */
  readonly check: () => void | Promise<void>;
  /** False for what a restart would not mend: it counts for readiness only. */
  readonly live: boolean;
}

export interface Health {
  /** undefined: not a health path, or a check nobody has. */
  readonly answer: (pathname: string, query: URLSearchParams) => Promise<RawResponse | undefined>;
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

async function report(endpoint: string, checks: readonly HealthCheck[], query: URLSearchParams): Promise<RawResponse> {
  const excluded = new Set(query.getAll('exclude'));
  const lines: string[] = [];
  let failed = false;
  for (const check of checks) {
    if (excluded.has(check.name)) {
      lines.push(`[+]${check.name} excluded: ok`);
      continue;
    }
    const failure = await failureOf(check);
    failed ||= failure !== undefined;
    lines.push(failure === undefined ? `[+]${check.name} ok` : `[-]${check.name} failed: ${failure}`);
  }
  if (failed) return text(500, `${lines.join('\n')}\n${endpoint} check failed\n`);
  return text(200, query.has('verbose') ? `${lines.join('\n')}\n${endpoint} check passed\n` : 'ok');
}

export function createHealth(given: readonly HealthCheck[]): Health {
  const all = [ping, ...given];
  const endpoints: Readonly<Record<string, readonly HealthCheck[]>> = {
    healthz: all,
    readyz: all,
    livez: all.filter(({ live }) => live),
  };
  return {
    answer: async (pathname, query) => {
      const [, endpoint = '', name, ...more] = pathname.split('/');
      const checks = endpoints[endpoint];
      if (!checks || more.length > 0) return undefined;
      if (!name) return report(endpoint, checks, query);
      const check = checks.find((candidate) => candidate.name === name);
      if (!check) return undefined;
      const failure = await failureOf(check);
      return failure === undefined ? text(200, 'ok') : text(500, `internal server error: ${failure}\n`);
    },
  };
}
