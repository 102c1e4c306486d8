/** What an API server counts of its requests: a look-up for each, and additions. */
import type { Counter, Histogram, Metrics } from '#runtime/telemetry/metrics.ts';
import type { Clock } from '#world/clock/clock.ts';
import { serverMetric } from './names.ts';

/** A request at the door. */
export interface CountedRequest {
  readonly method: string;
  readonly pathname: string;
  /** Of a resource that is served; undefined where there is none. */
  readonly resource?: {
    readonly verb: string;
    readonly group: string;
    readonly version: string;
    readonly resource: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  /** `apply`, of a patch. */
  readonly applies: boolean;
  readonly dryRun: boolean;
  /** It lasts: a watch, a connection to a Pod. */
  readonly lasting: boolean;
}

export interface CountedAnswer {
  readonly code: number;
  /** Milliseconds that it waited for a turn. */
  readonly waitedMs: number;
}

export interface RequestMetrics {
  /** To be called with the answer; of a lasting request `ended` comes when it is over. */
  readonly began: (request: CountedRequest) => {
    readonly answered: (answer: CountedAnswer) => void;
    readonly ended: () => void;
  };
  readonly watchEvents: (resource: { group: string; version: string; resource: string }) => Counter;
}

const verbs: Readonly<Record<string, string>> = {
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  deletecollection: 'DELETECOLLECTION',
  get: 'GET',
  list: 'LIST',
  watch: 'WATCH',
};

const mutating = new Set(['POST', 'PUT', 'PATCH', 'APPLY', 'DELETE', 'DELETECOLLECTION']);

/** Paths without a resource, by what clients ask for: their number is bounded. */
const knownPaths = [
  '/healthz',
  '/livez',
  '/readyz',
  '/metrics',
  '/version',
  '/openapi/v2',
  '/openapi/v3',
  '/apis',
  '/api',
];

interface Series {
  readonly labels: Readonly<
    Record<'component' | 'dry_run' | 'group' | 'resource' | 'scope' | 'subresource' | 'verb' | 'version', string>
  >;
  readonly codes: Map<number, Counter>;
  readonly seconds: Histogram;
  readonly sliSeconds: Histogram;
}

function labelsOf({ method, pathname, resource, applies, dryRun, lasting }: CountedRequest): Series['labels'] {
  const dry_run = dryRun ? 'All' : '';
  if (!resource) {
    const known = knownPaths.find((path) => pathname === path || pathname.startsWith(`${path}/`)) ?? '';
    const component = known === '/api' || known === '/apis' ? 'apiserver' : '';
    return { component, dry_run, group: '', resource: '', scope: '', subresource: known, verb: method, version: '' };
  }
  const { verb, group, version, namespace, name, subresource = '' } = resource;
  const scope = name !== undefined ? 'resource' : namespace !== undefined ? 'namespace' : 'cluster';
  const connects = lasting && verb !== 'watch';
  return {
    component: 'apiserver',
    dry_run,
    group,
    resource: resource.resource,
    scope,
    subresource,
    verb: connects ? 'CONNECT' : applies ? 'APPLY' : (verbs[verb] ?? method),
    version,
  };
}

/** Counts one that lasts; answers what to call when it is over. */
function lastingRequests(metrics: Metrics): (series: Series) => () => void {
  const lasting = new Map<Series, { count: number }>();
  return (series) => {
    let under = lasting.get(series);
    if (!under) {
      const made = { count: 0 };
      under = made;
      lasting.set(series, made);
      const { dry_run: _dry, ...plain } = series.labels;
      metrics.watchedGauge(serverMetric.longRunning, plain, () => made.count);
    }
    const current = under;
    current.count++;
    return () => {
      current.count--;
    };
  };
}

export function requestMetrics(metrics: Metrics, clock: Clock): RequestMetrics {
  const known = new Map<string, Series>();
  const busy = { mutating: 0, readOnly: 0 };
  for (const kind of ['mutating', 'readOnly'] as const)
    metrics.watchedGauge(serverMetric.inflight, { request_kind: kind }, () => busy[kind]);
  const last = lastingRequests(metrics);

  const seriesOf = (request: CountedRequest): Series => {
    const labels = labelsOf(request);
    const { dry_run, verb, group, version, resource, subresource, scope } = labels;
    const key = `${verb} ${group} ${version} ${resource} ${subresource} ${scope} ${dry_run}`;
    const found = known.get(key);
    if (found) return found;
    const { dry_run: _dry, ...plain } = labels;
    const series: Series = {
      labels,
      codes: new Map(),
      seconds: metrics.histogram(serverMetric.requestSeconds, labels),
      sliSeconds: metrics.histogram(serverMetric.sliSeconds, plain),
    };
    known.set(key, series);
    return series;
  };

  const counterOf = (series: Series, code: number): Counter => {
    const found = series.codes.get(code);
    if (found) return found;
    const counter = metrics.counter(serverMetric.requests, { code: String(code), ...series.labels });
    series.codes.set(code, counter);
    return counter;
  };

  return {
    began: (request) => {
      const begun = clock.monotonic();
      const series = seriesOf(request);
      const kind = mutating.has(series.labels.verb) ? 'mutating' : 'readOnly';
      const over = request.lasting ? last(series) : undefined;
      if (!over) busy[kind]++;
      return {
        answered: ({ code, waitedMs }) => {
          counterOf(series, code).add();
          if (over) return;
          busy[kind]--;
          const elapsedMs = clock.monotonic() - begun;
          series.seconds.observe(elapsedMs / 1_000);
          series.sliSeconds.observe(Math.max(0, elapsedMs - waitedMs) / 1_000);
        },
        ended: () => over?.(),
      };
    },
    watchEvents: ({ group, version, resource }) =>
      metrics.counter(serverMetric.watchEvents, { group, version, resource }),
  };
}
