/** All that one API server tells Prometheus: its requests as they come, what it stores when somebody looks. */
import { createMetrics } from '#runtime/telemetry/metrics.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { KindRegistry } from '../registry/kinds/registry.ts';
import type { Storage } from '../registry/storage.ts';
import { serverMetric } from './names.ts';
import { type RequestMetrics, requestMetrics } from './requests.ts';

export interface ServerMetrics extends RequestMetrics {
  /** Prometheus text. `release`: `v1.35.3`. */
  readonly text: (release: string, platform: string) => string;
}

export interface Watched {
  readonly clock: Clock;
  readonly kinds: KindRegistry;
  readonly storage: Pick<Storage, 'count'>;
  /** Every APIService, and whether it is available. */
  readonly services: () => Iterable<readonly [name: string, available: boolean]>;
}

export function serverMetrics({ clock, kinds, storage, services }: Watched): ServerMetrics {
  const metrics = createMetrics();
  const requests = requestMetrics(metrics, clock);

  /** As of now; what is gone is told no more. */
  const state = (release: string, platform: string): string => {
    const now = createMetrics();
    const [major = '', minor = ''] = release.replace(/^v/, '').split('.');
    now.gauge(serverMetric.buildInfo, { compiler: 'flotilla', git_version: release, major, minor, platform }).set(1);
    const counted = new Set<string>();
    for (const { definition, storageResource } of kinds.all()) {
      if (definition.stored === false || counted.has(storageResource)) continue;
      counted.add(storageResource);
      const { group, resource } = definition;
      const count = storage.count(storageResource);
      now.gauge(serverMetric.storageObjects, { resource: group === '' ? resource : `${resource}.${group}` }).set(count);
      now.gauge(serverMetric.resourceObjects, { group, resource }).set(count);
    }
    for (const [name, available] of services())
      now.gauge(serverMetric.unavailableService, { name }).set(available ? 0 : 1);
    return now.text();
  };
  return { ...requests, text: (release, platform) => metrics.text() + state(release, platform) };
}
