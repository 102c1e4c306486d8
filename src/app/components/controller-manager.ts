/** karmada-controller-manager: detection, rendering, execution, observation, aggregation, and the fleet. */
import { components } from '#apis/events/reasons.ts';
import { templateReader } from '#client/template-reader.ts';
import { dependenciesController } from '#features/dependencies/controller.ts';
import { type Connect, memberRegistry } from '#fleet/access/members.ts';
import { lifecycleController } from '#fleet/lifecycle/controller.ts';
import { namespaceSyncController } from '#fleet/namespace/controller.ts';
import { clusterStatusController } from '#fleet/status/controller.ts';
import { detectorControllers } from '#flow/1-detect/controller.ts';
import { parseSkippedApis } from '#flow/1-detect/plan/propagated.ts';
import { renderControllers } from '#flow/3-render/controller.ts';
import { executeController } from '#flow/4-execute/controller.ts';
import { journalIn } from '#flow/4-execute/journal.ts';
import { observeController } from '#flow/5-observe/controller.ts';
import { aggregateControllers } from '#flow/6-aggregate/controller.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { GroupVersionKind } from '#kube/meta/kind.ts';
import type { Controller } from '#runtime/reconciler.ts';
import { sha256 } from '#world/certificates/digest.ts';
import type { BuiltControllers, ComponentParts } from './component.ts';
import { componentInterpreter } from './interpreter.ts';
import { optionalControllers } from './optional-controllers.ts';
import { type ControllerManagerSettings, isEnabled } from './settings.ts';

export interface ControllerManagerDoors {
  /** How members are reached. */
  readonly connect: Connect;
  readonly kindOf: (gvk: GroupVersionKind) => KindDefinition | undefined;
}

/** Matches a whole namespace name, as the flag's regular expressions are meant. */
const wholeName = (pattern: string) => new RegExp(`^(?:${pattern})$`);

export const controllerManagerControllers =
  (settings: ControllerManagerSettings, { connect, kindOf }: ControllerManagerDoors) =>
  (parts: ComponentParts): BuiltControllers => {
    const { client, informers, mapper, events, clock, random, log, metrics } = parts;
    const recorder = (component: keyof typeof components) => events.recorder(components[component]);
    const members = memberRegistry({
      informers,
      connect,
      kindOf,
      clock,
      random,
      onError: (cluster, error) => log.error('Cluster cannot be reached', error, { cluster }),
    });
    const templates = templateReader(client, informers, mapper);
    const interpreter = componentInterpreter(parts);
    const journal = journalIn({
      client,
      hash: (text) => sha256(text).toString('hex'),
      decodeBase64: (text) => Buffer.from(text, 'base64').toString('utf8'),
    });
    const common = { client, informers, clock, random, interpreter, templates, members };
    const skippedNamespaces = settings.skippedNamespaces.map(wholeName);
    const all: readonly Controller[] = [
      ...detectorControllers({
        ...common,
        mapper,
        events: recorder('detector'),
        metrics,
        gates: settings.gates,
        skippedNamespaces,
        skippedApis: parseSkippedApis(settings.skippedApis),
        onDiscoveryError: (error) => log.error('Discovery failed', error, {}),
      }),
      ...renderControllers({
        ...common,
        kindOf,
        events: recorder,
        carriesState: settings.gates.StatefulFailoverInjection,
      }),
      executeController({ ...common, journal, events: recorder('execution') }),
      observeController({ ...common, events: recorder('workStatus') }),
      ...aggregateControllers({
        ...common,
        events: (kind) => recorder(kind === 'binding' ? 'bindingStatus' : 'clusterBindingStatus'),
      }),
      lifecycleController({ client, informers, events: recorder('cluster') }),
      clusterStatusController({
        ...common,
        metrics: parts.metrics,
        frequencyMs: settings.clusterStatusFrequencyMs,
        thresholds: { successMs: settings.clusterSuccessThresholdMs, failureMs: settings.clusterFailureThresholdMs },
        resourceModeling: settings.resourceModeling,
        customizedModels: settings.gates.CustomizedClusterResourceModeling,
      }),
      ...optionalControllers({ ...common, events: recorder, settings }),
      namespaceSyncController({ client, informers, skipped: skippedNamespaces, events: recorder('overrides') }),
    ];
    // As in the reference, the gate alone decides about it.
    const distributor = settings.gates.PropagateDeps
      ? [dependenciesController({ ...common, skippedNamespaces, events: recorder('dependencies') })]
      : [];
    const asked = all.filter(({ name }) => isEnabled(settings.controllers, name));
    return { controllers: [...asked, ...distributor], end: members.stop };
  };
