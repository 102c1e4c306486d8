/** What is counted and logged of a cluster's informers; goes into `informerFactory` as its hooks. */
import type { InformerHooks } from '#client/informer/informer.ts';
import { groupResource } from '#kube/meta/kind.ts';
import type { Log } from './telemetry/log.ts';
import type { Metrics } from './telemetry/metrics.ts';
import { metric } from './telemetry/names.ts';

/** `cluster`: the client's name, `karmada-apiserver` or a member's. */
export function informerHooks(cluster: string, metrics: Metrics, log: Log): InformerHooks {
  const said = log.with({ cluster });
  return {
    listed: (ref, objects, ms) => {
      const resource = groupResource(ref);
      metrics.counter(metric.informerLists, { cluster, resource }).add();
      said.debug('Listed', { resource, objects, ms: Math.round(ms) });
    },
    failed: (ref, error, retryMs) => {
      const resource = groupResource(ref);
      metrics.counter(metric.informerFailures, { cluster, resource }).add();
      said.error('Cannot list or watch', error, { resource, retryMs: Math.round(retryMs) });
    },
    handlerFailed: (ref, error) => {
      const resource = groupResource(ref);
      metrics.counter(metric.informerDefects, { cluster, resource }).add();
      said.error('A handler of changes failed', error, { resource });
    },
  };
}
