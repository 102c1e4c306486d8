/** Step 1: claims a template for its policy and keeps the binding that the two ask for. */
import { bindingNameFor } from '#apis/names/objects.ts';
import { claimFor, claimOf, policyIdOf, withClaim } from '#apis/policy/claim.ts';
import type { Policy } from '#apis/policy/matching.ts';
import type { Binding } from '#apis/work/binding.ts';
import { type CachedResource, nameOf } from '#client/cached.ts';
import type { TemplateSource } from '#client/template-reader.ts';
import { keyFor } from '#kube/meta/key.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import { done, type Result, requeueAfter, terminal } from '#runtime/reconciler.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { Random } from '#world/random/random.ts';
import { type Awaited, NotThereYet } from './awaited.ts';
import { type DemandContext, demandOf } from './demand.ts';
import { bindingFor } from './plan/binding.ts';
import { isActive } from './plan/lazy.ts';
import { isTemplate } from './plan/propagated.ts';
import { stampOf } from './plan/stamp.ts';
import { type Decision, decide } from './plan.ts';
import type { Policies } from './policies.ts';
import type { Told } from './told.ts';

export interface DetectContext extends DemandContext {
  readonly policies: Policies;
  readonly awaited: Awaited;
  readonly bindings: (namespace: string | undefined) => CachedResource<Binding>;
  readonly told: Told;
  readonly clock: Clock;
  readonly random: Random;
  readonly skippedNamespaces: readonly RegExp[];
  readonly touched: Touched;
}

/** Templates that a user has made or changed since they were last looked at, by uid; no more than there are templates. */
export interface Touched {
  readonly fresh: Set<string>;
  /** Those of them that no policy matched, and that are looked at once more. */
  readonly waiting: Set<string>;
}

/**
 * A template and its policy often come together, and the policy may be heard of later. Until then the template is
 * remembered as its user's own word, on which a lazy policy acts.
 */
const policyMayComeMs = 100;

const secondsSince = (clock: Clock, started: number): number => (clock.monotonic() - started) / 1_000;
const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** `key` is the object's within its resource. */
export async function reconcileTemplate(context: DetectContext, source: TemplateSource, key: string): Promise<Result> {
  const template = source.resource.get(key);
  // A template that is gone takes its binding with it: the garbage collector follows the owner reference.
  if (!template || template.metadata.deletionTimestamp || !isTemplate(template, context.skippedNamespaces)) return done;
  const { uid = '' } = template.metadata;
  const { fresh, waiting } = context.touched;
  const touched = fresh.delete(uid);
  const before = waiting.delete(uid);
  /** It has not been acted on: the next look still has to know, unless there is nothing left to look at. */
  const remember = () => {
    if (touched && source.resource.get(key)?.metadata.uid === uid) fresh.add(uid);
  };
  try {
    const result = await followPolicy(context, source, template, touched);
    if (result.outcome === 'terminal') remember();
    if (result !== unmatched) return result;
    if (!touched || before) return done;
    fresh.add(uid);
    waiting.add(uid);
    return requeueAfter(policyMayComeMs, 'a policy may be on its way');
  } catch (error) {
    remember();
    throw error;
  }
}

/** Of a template that no policy wants. */
const unmatched: Result = { outcome: 'done' };

async function followPolicy(
  context: DetectContext,
  source: TemplateSource,
  template: KubeObject,
  touched: boolean,
): Promise<Result> {
  const { clock, told } = context;
  const started = clock.monotonic();
  const decision = await decideLive(context, template);
  if (!decision.follow) {
    if ('release' in decision && decision.release) await release(context, source, template);
    return 'waitFor' in decision ? done : unmatched;
  }
  const { follow: policy, preempts } = decision;
  if (!claimOf(template)) told.matched(secondsSince(clock, started));
  try {
    context.awaited.overridesFor(policy);
    const claimed = await claim(context, source, template, policy, preempts);
    // The answer to a write has said that it is there.
    const isThere = claimed === template ? () => isStillThere(source, template) : () => Promise.resolve(true);
    const changed = await writeBinding(context, claimed, policy, touched, isThere);
    told.applied(template, policy, secondsSince(clock, started), changed);
  } catch (error) {
    // What was read was behind; the next look is at once.
    if (isReason(error, 'Conflict')) throw error;
    told.applied(template, policy, secondsSince(clock, started), false, asError(error));
    if (error instanceof NotThereYet) return terminal(error.message);
    throw error;
  }
  return done;
}

/** A claim is given up only when its policy is gone by the API server's word, not by the cache's. */
async function decideLive({ policies, gates }: DetectContext, template: KubeObject): Promise<Decision> {
  const preemption = gates.PropagationPolicyPreemption;
  const view = policies.viewFor(template);
  const decision = decide(template, { ...view, preemption });
  const held = claimOf(template);
  if (!held || (decision.follow && policyIdOf(decision.follow) === held.id)) return decision;
  if (view.claimed(held) !== undefined) return decision;
  const live = await policies.live(held);
  return live ? decide(template, { ...view, claimed: () => live, preemption }) : decision;
}

/** Binding first: a template without a claim must not have a binding that still follows one. */
async function release(context: DetectContext, source: TemplateSource, template: KubeObject): Promise<void> {
  const bindings = context.bindings(template.metadata.namespace);
  const binding = bindings.get(bindingKeyFor(template));
  if (binding) {
    const free = withClaim(binding, undefined);
    if (free !== binding) await bindings.update(free);
  }
  const free = withClaim(template, undefined);
  if (free !== template) await source.resource.update(free);
}

/**
 * Asked where a binding is gone and the template claimed, as they are when the template was deleted and the cache has not
 * heard of it: a new binding would be garbage at once, and so would the one after it.
 */
async function isStillThere({ resource }: TemplateSource, template: KubeObject): Promise<boolean> {
  try {
    const { metadata } = await resource.live.get(nameOf(template));
    return metadata.uid === template.metadata.uid && metadata.deletionTimestamp === undefined;
  } catch (error) {
    if (isReason(error, 'NotFound')) return false;
    throw error;
  }
}

const bindingKeyFor = ({ kind, metadata }: KubeObject): string =>
  keyFor(metadata.namespace, bindingNameFor(kind, metadata.name!));

async function claim(
  { told }: DetectContext,
  source: TemplateSource,
  template: KubeObject,
  policy: Policy,
  preempted: Policy | undefined,
): Promise<KubeObject> {
  const claimed = withClaim(template, claimFor(policy));
  if (claimed === template) return template;
  try {
    const written = await source.resource.update(claimed);
    if (preempted) told.preempted(template, policy, preempted);
    return written;
  } catch (error) {
    if (preempted && !isReason(error, 'Conflict')) told.preempted(template, policy, preempted, asError(error));
    throw error;
  }
}

/** Whether anything had to be written. */
async function writeBinding(
  context: DetectContext,
  template: KubeObject,
  policy: Policy,
  touched: boolean,
  isThere: () => Promise<boolean>,
): Promise<boolean> {
  const { bindings, awaited, gates, random } = context;
  const { namespace } = template.metadata;
  const store = bindings(namespace);
  const existing = store.get(bindingKeyFor(template));
  const stamp = stampOf(template);
  if (!isActive({ template, policy, existing, stamp, touched })) return false;
  if (!existing && !(await isThere())) return false;
  const wanted = bindingFor({
    template,
    policy,
    ...(await demandOf(context, template, existing)),
    priority: namespace ? awaited.priorityOf(policy) : undefined,
    workloadAffinity: gates.WorkloadAffinity,
    existing,
    stamp,
    newId: random.uuid(),
  });
  if (wanted === existing) return false;
  await (existing ? store.update(wanted) : store.create(wanted));
  return true;
}
