/** Step 1: claims a template for its policy and keeps the binding that the two ask for. */
import { reasons } from '#apis/events/reasons.ts';
import { bindingNameFor } from '#apis/names/objects.ts';
import { type Claim, claimFor, claimOf, policyIdOf, withClaim } from '#apis/policy/claim.ts';
import type { Policy } from '#apis/policy/matching.ts';
import type { Binding } from '#apis/work/binding.ts';
import { type CachedResource, nameOf } from '#client/cached.ts';
import type { TemplateSource } from '#client/template-reader.ts';
import type { Interpreter } from '#interpreter/interpreter.ts';
import { keyFor } from '#kube/meta/key.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { done, type Result } from '#runtime/reconciler.ts';
import type { Random } from '#world/random/random.ts';
import { bindingFor } from './plan/binding.ts';
import { isActive } from './plan/lazy.ts';
import { isTemplate } from './plan/propagated.ts';
import { stampOf } from './plan/stamp.ts';
import { type Decision, decide } from './plan.ts';
import type { Policies } from './policies.ts';

export interface DetectContext {
  readonly policies: Policies;
  readonly bindings: (namespace: string | undefined) => CachedResource<Binding>;
  readonly interpreter: Interpreter;
  readonly events: EventRecorder;
  readonly random: Random;
  /** Gate PropagationPolicyPreemption. */
  readonly preemption: boolean;
  readonly skippedNamespaces: readonly RegExp[];
  /** Uids of templates that a user has made or changed since they were last looked at. */
  readonly touched: Set<string>;
}

const described = (policy: Policy): string => keyFor(policy.metadata.namespace, policy.metadata.name!);

/** `key` is the object's within its resource. */
export async function reconcileTemplate(context: DetectContext, source: TemplateSource, key: string): Promise<Result> {
  const template = source.resource.get(key);
  // A template that is gone takes its binding with it: the garbage collector follows the owner reference.
  if (!template || template.metadata.deletionTimestamp || !isTemplate(template, context.skippedNamespaces)) return done;
  const { uid = '' } = template.metadata;
  const touched = context.touched.delete(uid);
  try {
    return await followPolicy(context, source, template, touched);
  } catch (error) {
    // The next look still has to know.
    if (touched) context.touched.add(uid);
    throw error;
  }
}

async function followPolicy(
  context: DetectContext,
  source: TemplateSource,
  template: KubeObject,
  touched: boolean,
): Promise<Result> {
  const decision = await decideLive(context, template);
  if (!decision.follow) {
    if ('release' in decision && decision.release) await release(context, source, template);
    return done;
  }
  const { follow: policy } = decision;
  try {
    const claimed = await claim(context, source, template, decision.preempts, policy);
    // The answer to a write has said that it is there.
    const isThere = claimed === template ? () => isStillThere(source, template) : () => Promise.resolve(true);
    await writeBinding(context, claimed, policy, touched, isThere);
  } catch (error) {
    // What was read was behind; the next look is at once.
    if (!(error instanceof Error) || isReason(error, 'Conflict')) throw error;
    context.events.event(
      template,
      'Warning',
      reasons.applyPolicyFailed,
      `Apply policy(${described(policy)}) failed: ${error.message}`,
    );
    throw error;
  }
  return done;
}

/** A claim is given up only when its policy is gone by the API server's word, not by the cache's. */
async function decideLive({ policies, preemption }: DetectContext, template: KubeObject): Promise<Decision> {
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
  { events }: DetectContext,
  source: TemplateSource,
  template: KubeObject,
  preempted: Policy | undefined,
  policy: Policy,
): Promise<KubeObject> {
  const wanted: Claim = claimFor(policy);
  const claimed = withClaim(template, wanted);
  if (claimed === template) return template;
  const written = await source.resource.update(claimed);
  if (preempted) {
    events.event(template, 'Normal', reasons.preemptPolicySucceed, preemptionText(policy, preempted));
  }
  return written;
}

function preemptionText(policy: Policy, preempted: Policy): string {
  const words = (each: Policy) =>
    each.kind === 'PropagationPolicy' ? 'propagation policy' : 'cluster propagation policy';
  const subject = words(policy);
  return `${subject[0]!.toUpperCase()}${subject.slice(1)}(${described(policy)}) preempted ${words(preempted)}(${described(preempted)}) successfully`;
}

async function writeBinding(
  context: DetectContext,
  template: KubeObject,
  policy: Policy,
  touched: boolean,
  isThere: () => Promise<boolean>,
): Promise<void> {
  const { bindings, interpreter, events, random } = context;
  const store = bindings(template.metadata.namespace);
  const existing = store.get(bindingKeyFor(template));
  const stamp = stampOf(template);
  if (!isActive({ template, policy, existing, stamp, touched })) return;
  if (!existing && !(await isThere())) return;
  const { dependentOverrides = [] } = policy.spec;
  if (dependentOverrides.length > 0) {
    throw new Error(
      `waiting for dependent overrides: ${dependentOverrides.join(', ')} (override policies are not served by this version)`,
    );
  }
  const replicas = await interpreter.getReplicas(template as UnstructuredObject);
  if (replicas && !existing) {
    events.event(template, 'Normal', reasons.getReplicasSucceed, 'Get replicas of resource template successfully.');
  }
  const wanted = bindingFor({ template, policy, replicas, existing, stamp, newId: random.uuid() });
  if (wanted !== existing) {
    await (existing ? store.update(wanted) : store.create(wanted));
    events.event(template, 'Normal', reasons.applyPolicySucceed, `Apply policy(${described(policy)}) succeed`);
  }
}
