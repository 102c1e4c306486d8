/** What a component answers besides its work: health and metrics. The composition root opens the port. */
import type { RawResponse } from '#kube/request/request.ts';
import type { HealthChecks } from './health.ts';
import type { Metrics } from './telemetry/metrics.ts';

export interface TelemetryPages {
  /** Is the process alive? A failing check here has it restarted. */
  readonly live: HealthChecks;
  /** Can it do its work now? */
  readonly ready: HealthChecks;
  readonly metrics: Metrics;
}

const plainText = 'text/plain; charset=utf-8';
const exposition = 'text/plain; version=0.0.4; charset=utf-8';

/** `path` with its query: `/readyz?verbose`. Undefined: not one of ours. */
export function serveTelemetry({ live, ready, metrics }: TelemetryPages, path: string): RawResponse | undefined {
  const { pathname, searchParams } = new URL(path, 'http://localhost');
  const health = (checks: HealthChecks): RawResponse => {
    const asked = { verbose: searchParams.has('verbose'), exclude: searchParams.getAll('exclude') };
    return { contentType: plainText, ...checks.report(pathname.slice(1), asked) };
  };
  switch (pathname) {
    case '/healthz':
    case '/livez':
      return health(live);
    case '/readyz':
      return health(ready);
    case '/metrics':
      return { code: 200, contentType: exposition, body: metrics.text() };
    default:
      return undefined;
  }
}
