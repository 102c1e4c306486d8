/** karmada-scheduler: gives bindings their clusters. */
import { components } from '#apis/events/reasons.ts';
import { schedulerControllers } from '#flow/2-schedule/controller.ts';
import type { BuiltControllers, ComponentParts } from './component.ts';
import type { SchedulerSettings } from './settings.ts';

export const schedulerComponentControllers =
  ({ schedulerName }: SchedulerSettings) =>
  ({ client, informers, events, clock }: ComponentParts): BuiltControllers => ({
    controllers: schedulerControllers({
      client,
      informers,
      events: events.recorder(components.scheduler),
      clock,
      schedulerName,
    }),
  });
