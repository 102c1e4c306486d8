/** Controllers of karmada-controller-manager beside the flow and the fleet: failover, quotas, rebalancing. */
import type { components } from '#apis/events/reasons.ts';
import type { TemplateReader } from '#client/template-reader.ts';
import { quotaEnforcementController } from '#features/quota/enforcement.ts';
import { quotaShareControllers } from '#features/quota/shares.ts';
import { rebalanceController } from '#features/rebalance/controller.ts';
import { taintPolicyController } from '#fleet/taint-policy/controller.ts';
import { applicationFailoverController } from '#flow/return/application/controller.ts';
import { evictionController } from '#flow/return/eviction/controller.ts';
import { taintManager } from '#flow/return/taints/controller.ts';
import type { Interpreter } from '#interpreter/interpreter.ts';
import type { EventRecorder } from '#runtime/events.ts';
import type { Controller } from '#runtime/reconciler.ts';
import type { ComponentParts } from './component.ts';
import type { ControllerManagerSettings } from './settings.ts';

export interface OptionalControllersOptions extends Pick<ComponentParts, 'client' | 'informers' | 'clock'> {
  readonly templates: TemplateReader;
  readonly interpreter: Interpreter;
  readonly events: (component: keyof typeof components) => EventRecorder;
  readonly settings: ControllerManagerSettings;
}

export function optionalControllers(options: OptionalControllersOptions): readonly Controller[] {
  const { events, settings } = options;
  const { Failover, GracefulEviction, FederatedQuotaEnforcement, StatefulFailoverInjection } = settings.gates;
  const eviction = () => evictionController({ ...options, timeoutMs: settings.gracefulEvictionTimeoutMs });
  const { taintEviction } = settings;
  const taints = taintEviction && {
    ...options,
    ...taintEviction,
    events: events('taintManager'),
    keepsState: StatefulFailoverInjection,
  };
  const enforcement = () =>
    quotaEnforcementController({
      ...options,
      events: events('quotaEnforcement'),
      resyncMs: settings.quotaResyncMs,
    });
  return [
    ...(GracefulEviction ? [eviction()] : []),
    ...(Failover ? [applicationFailoverController({ ...options, gates: settings.gates })] : []),
    ...(taints ? [taintManager(taints)] : []),
    ...(FederatedQuotaEnforcement ? [enforcement()] : []),
    ...quotaShareControllers({ ...options, enforced: FederatedQuotaEnforcement }),
    rebalanceController(options),
    taintPolicyController({ ...options, events: events('taintPolicy') }),
  ];
}
