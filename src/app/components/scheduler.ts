/** karmada-scheduler: gives bindings their clusters. */
import { createScheduler } from '#flow/2-schedule/controller.ts';
import type { Estimator } from '#flow/2-schedule/estimator.ts';
import type { Explain } from '#flow/2-schedule/serve.ts';
import type { BuiltControllers, ComponentParts } from './component.ts';
import type { EstimatorSettings, FeatureGates, SchedulerSettings } from './settings.ts';

export interface SchedulerDoors {
  /** Connects to the clusters' accurate estimators; `end` closes what it opened. */
  readonly estimator?: (
    settings: EstimatorSettings,
    parts: ComponentParts,
    gates: FeatureGates,
  ) => { readonly estimator: Estimator; readonly end: () => void };
  /** Hears who can say why the scheduler decides as it does, and when nobody can any more. */
  readonly explains?: (explain: Explain | undefined) => void;
}

export const schedulerComponentControllers =
  (settings: SchedulerSettings, doors: SchedulerDoors = {}) =>
  (parts: ComponentParts): BuiltControllers => {
    const { client, informers, events, metrics, clock } = parts;
    const { schedulerName, gates, plugins, emptyWorkloads, estimator: asked } = settings;
    const connected = asked && doors.estimator?.(asked, parts, gates);
    const { controller, explain } = createScheduler({
      client,
      informers,
      events: events.recorder(schedulerName),
      metrics,
      clock,
      schedulerName,
      settings: { plugins, emptyWorkloads, gates },
      byPriority: gates.PriorityBasedScheduling,
      overcommitProtection: gates.SchedulingOvercommitProtection,
      followsQuotas: gates.FederatedQuotaEnforcement,
      ...(connected
        ? {
            estimator: {
              estimator: connected.estimator,
              timeoutMs: asked.timeoutMs,
              skipsPullMode: asked.skipsPullMode,
            },
          }
        : {}),
    });
    doors.explains?.(explain);
    const end = () => {
      doors.explains?.(undefined);
      connected?.end();
    };
    return { controllers: [controller], end };
  };
