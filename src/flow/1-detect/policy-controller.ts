/**
 * A policy's own control loop: when it changes, the templates it could win, keep or lose are looked at again; when it is
 * being deleted, it is ended.
 */

import { carriedByBindings } from '#apis/names/annotations.ts';
import { clusterPolicy as clusterPolicyFinalizer, policy as policyFinalizer } from '#apis/names/finalizers.ts';
import { policyIdOf } from '#apis/policy/claim.ts';
import { type Policy, policyRank } from '#apis/policy/matching.ts';
import type { CachedResource } from '#client/cached.ts';
import type { Change } from '#client/informer/informer.ts';
import type { TemplateSource } from '#client/template-reader.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { keyOf } from '#kube/meta/key.ts';
import { parseApiVersion } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { type Controller, done, type Result } from '#runtime/reconciler.ts';
import type { Clock } from '#world/clock/clock.ts';
import { breathe } from '#world/clock/turns.ts';
import type { Awaited } from './awaited.ts';
import type { Policies } from './policies.ts';
import { endPolicy, type PolicyEndContext } from './policy-end.ts';
import { byClaim, type WatchedResources } from './watched.ts';

export interface PolicyControllersOptions {
  readonly end: PolicyEndContext;
  readonly policies: Policies;
  readonly awaited: Awaited;
  readonly watched: WatchedResources;
  readonly clock: Clock;
  /** Has a template looked at again. */
  readonly wake: (source: TemplateSource, template: KubeObject) => void;
}

export function policyControllers(options: PolicyControllersOptions): readonly Controller[] {
  const { namespaced, clusterWide } = options.policies;
  return [
    policyController(options, 'policy', 'PropagationPolicy', namespaced as unknown as CachedResource<Policy>),
    policyController(
      options,
      'cluster-policy',
      'ClusterPropagationPolicy',
      clusterWide as unknown as CachedResource<Policy>,
    ),
  ];
}

function policyController(
  options: PolicyControllersOptions,
  name: string,
  kind: Policy['kind'],
  store: CachedResource<Policy>,
): Controller {
  const finalizer = kind === 'PropagationPolicy' ? policyFinalizer : clusterPolicyFinalizer;
  return {
    name,
    workers: 4,
    setUp: (enqueue) => {
      store.informer.onChange((change) => {
        if (change.type === 'deleted') return wakeClaimed(options, change.object);
        if (matters(change)) enqueue(keyOf(change.object));
      });
      options.awaited.onArrival((policy) => {
        if (policy.kind === kind) enqueue(keyOf(policy));
      });
    },
    reconcile: async (key): Promise<Result> => {
      const policy = store.get(key);
      if (!policy) return done;
      if (policy.metadata.deletionTimestamp) return endPolicy(options.end, store, finalizer, policy);
      await wakeConcerned(options, policy);
      return done;
    },
  };
}

/** Of the first list only what is being deleted matters: the templates' own first list is on its way. */
function matters(change: Change<Policy>): boolean {
  const { object } = change;
  if (object.metadata.deletionTimestamp) return true;
  if (change.type !== 'updated') return !change.initial;
  const { old } = change;
  const words = ({ metadata: { annotations } }: Policy) => carriedByBindings.map((key) => annotations?.[key]);
  return old.metadata.generation !== object.metadata.generation || !deepEqual(words(old), words(object));
}

/** Of a policy that went without its end (a finalizer taken off by hand) the claims are left. */
function wakeClaimed({ watched, wake }: PolicyControllersOptions, policy: Policy): void {
  for (const source of watched.sources()) {
    for (const template of source.resource.informer.byIndex(byClaim, policyIdOf(policy))) wake(source, template);
  }
}

/** Those it holds, and those its selectors match now. What matched before and is another's is none of its concern. */
async function wakeConcerned({ watched, wake, clock }: PolicyControllersOptions, policy: Policy): Promise<void> {
  const id = policyIdOf(policy);
  for (const source of watched.sources()) {
    const { informer } = source.resource;
    for (const template of informer.byIndex(byClaim, id)) wake(source, template);
    const { group, kind } = source.ref;
    const selectors = policy.spec.resourceSelectors.filter(
      (each) => each.kind === kind && parseApiVersion(each.apiVersion).group === group,
    );
    if (selectors.length === 0) continue;
    // A namespace may hold tens of thousands: looking through them yields as any long work does.
    for (const template of informer.list(policy.metadata.namespace)) {
      await breathe(clock);
      if (policyRank(policy, template) > 0) wake(source, template);
    }
  }
}
