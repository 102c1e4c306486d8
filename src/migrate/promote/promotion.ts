/** Looks at what is to be promoted: what would be made in the control plane, and what that would write in the member. */
import type { Cluster } from '#apis/cluster/cluster.ts';
import { clusterPolicyId, managed, managedValue, policyId } from '#apis/names/labels.ts';
import { claimFor, withClaim } from '#apis/policy/claim.ts';
import type { Policy } from '#apis/policy/matching.ts';
import { type AnyOverridePolicy, rulesFor, rulesIn } from '#apis/policy/overrides/select.ts';
import type { KindFinder } from '#client/kinds.ts';
import type { DiscoveredResource } from '#client/mapper/mapper.ts';
import { bestPolicy } from '#flow/1-detect/plan/match.ts';
import { isTemplate } from '#flow/1-detect/plan/propagated.ts';
import { statedFields } from '#flow/3-render/plan/stated.ts';
import type { Interpreter } from '#interpreter/interpreter.ts';
import { keyFor, keyOf } from '#kube/meta/key.ts';
import { gvkOf } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { controllerOf } from '#kube/meta/owner.ts';
import { isReason } from '#kube/status/status.ts';
import { changesIn } from '../changes/changes.ts';
import type { Change, Verdict } from '../model.ts';
import { foresee } from '../plan/decide.ts';
import { someId } from '../plan/write.ts';
import type { Source } from '../reading/inventory.ts';
import { companionsOf } from './companions.ts';
import { type Along, promotedPolicy } from './policy.ts';
import { promotedTemplate } from './template.ts';

/** Who is recorded as the owner of what `promote` makes. */
export const promoteManager = 'flotilla-promote';

export interface PromoteOptions {
  readonly member: Source & { readonly cluster: Cluster; readonly kindOf: KindFinder };
  readonly control: Source;
  readonly interpreter: Interpreter;
  readonly overridePolicies: readonly AnyOverridePolicy[];
  /** Of all namespaces and of none. */
  readonly policies: readonly Policy[];
  readonly along: Along;
  /** Is a policy made? */
  readonly withPolicy: boolean;
  /** '' for the one made of the template's. */
  readonly policyName: string;
}

/** One object that gets a template. */
export interface Piece {
  readonly resource: DiscoveredResource;
  readonly template: UnstructuredObject;
  readonly verdict: Verdict;
  /** What the write changes in the member, marks of ours included. */
  readonly changes: readonly Change[];
  readonly notes: readonly string[];
  /** Why it comes along; absent for what was asked for. */
  readonly because?: string;
}

export interface Promotion {
  readonly main: Piece;
  /** In the order in which they are made. */
  readonly companions: readonly Piece[];
  readonly policy?: Policy;
  /** In words: companions that have a template already, or get none, and why. */
  readonly left: readonly string[];
  readonly missing: readonly string[];
}

/** What `promote` prints without making it. */
export interface Drafted {
  readonly templates: readonly UnstructuredObject[];
  readonly policy?: Policy;
}

const title = ({ kind, metadata }: UnstructuredObject): string => `${kind} ${keyOf({ metadata })}`;

/** By kube-controller-manager's and the reference's default nothing is propagated from there. */
const systemNamespaces = /^kube-.*$/;

/** Why a template of it would do harm, or nothing at all. */
export function whyNotPromoted(live: UnstructuredObject): string | undefined {
  const controller = controllerOf(live);
  if (controller) return `${controller.kind} ${controller.name} owns it and makes it anew: promote that`;
  if (live.metadata.deletionTimestamp !== undefined) return 'it is being deleted';
  if (live.metadata.labels?.[managed] === managedValue)
    return `it has the label ${managed}=${managedValue}: another control plane has it; take the label away where none does`;
  if (!isTemplate(live, [systemNamespaces])) return "it is the cluster's own, which no policy propagates";
  return undefined;
}

/** The control plane has a template of that name. Throws NotFound where it does not serve the kind. */
export async function standing(
  { control }: PromoteOptions,
  live: UnstructuredObject,
): Promise<{ readonly resource: DiscoveredResource } | undefined> {
  const resource = await control.mapper.forKind(gvkOf(live));
  const { namespace, name } = live.metadata;
  try {
    await control.client.resource(resource).get({ ...(namespace ? { namespace } : {}), name: name! });
    return { resource };
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

const policyOf = ({ member, along, policyName }: PromoteOptions, template: UnstructuredObject): Policy =>
  promotedPolicy({ template, cluster: member.cluster.metadata.name!, policyName, along });

/** Nothing is asked of the control plane. */
export async function draft(options: PromoteOptions, live: UnstructuredObject): Promise<Drafted> {
  const { found } = await companionsOf(options.member, live, options.along, options.interpreter);
  const template = promotedTemplate(live);
  return {
    templates: [...found.map((each) => promotedTemplate(each.live)), template],
    ...(options.withPolicy ? { policy: policyOf(options, template) } : {}),
  };
}

/** Throws StatusError in the control plane's words where it would refuse a template. */
export async function look(options: PromoteOptions, live: UnstructuredObject): Promise<Promotion> {
  const { member, along, interpreter } = options;
  const companions = await companionsOf(member, live, along, interpreter);
  const main = await pieceOf(options, live);
  const pieces: Piece[] = [];
  const left: string[] = [];
  for (const each of companions.found) {
    const why = whyNotPromoted(each.live);
    if (await standing(options, each.live)) left.push(`${title(each.live)} has a template already`);
    else if (why !== undefined) left.push(`${title(each.live)} ${each.because}, but gets no template: ${why}`);
    else pieces.push(await pieceOf(options, each.live, each.because));
  }
  return {
    main,
    companions: pieces,
    left,
    missing: companions.missing,
    ...(options.withPolicy ? { policy: policyOf(options, main.template) } : {}),
  };
}

async function pieceOf(options: PromoteOptions, live: UnstructuredObject, because?: string): Promise<Piece> {
  const { member, control, interpreter } = options;
  const gvk = gvkOf(live);
  const template = promotedTemplate(live);
  const resource = await control.mapper.forKind(gvk);
  const made = (await control.client
    .resource(resource)
    .create(template, { dryRun: true, fieldManager: promoteManager })) as UnstructuredObject;
  const policy = policyOf(options, template);
  const stored = because === undefined && options.withPolicy ? claimed(made, policy) : made;
  const kind = member.kindOf(gvk);
  const cluster = member.cluster.metadata.name!;
  const memberResource = await member.mapper.forKind(gvk);
  const { client } = member;
  const common = {
    resource,
    template,
    ...(because ? { because } : {}),
    notes: notesOf(options, template, because === undefined),
  };
  const input = {
    cluster,
    client,
    resource: memberResource,
    live,
    template: stored,
    kind,
    interpreter,
    policy,
    stated: statedFields(stored, kind),
    rules: rulesIn(rulesFor(options.overridePolicies, stored), member.cluster),
  };
  const foreseen = await foresee(input).catch((error: Error) => error);
  if (foreseen instanceof Error)
    return { ...common, changes: [], verdict: { is: 'blocked', reason: foreseen.message } };
  if (foreseen.verdict.is === 'blocked') return { ...common, changes: [], verdict: foreseen.verdict };
  const { verdict, answer = live } = foreseen;
  return { ...common, verdict, changes: changesIn({ live, answer, kind }) };
}

/** As it is once its policy has it. */
function claimed(template: UnstructuredObject, policy: Policy): UnstructuredObject {
  const { metadata } = policy;
  const identified = {
    ...policy,
    metadata: { ...metadata, labels: { [metadata.namespace ? policyId : clusterPolicyId]: someId } },
  };
  return withClaim(template, claimFor(identified as Policy));
}

/** What a policy without a priority has. */
const ownPriority = 0;

/** A policy that is there and selects it. `ours`: is it named by the policy that is made? */
function notesOf({ policies, withPolicy }: PromoteOptions, template: UnstructuredObject, ours: boolean) {
  const { namespace } = template.metadata;
  const own = policies.filter(({ metadata }) => metadata.namespace === undefined || metadata.namespace === namespace);
  const rival = bestPolicy(own, template);
  if (!rival) return [];
  const { metadata, kind, spec } = rival;
  const first = ours && withPolicy && spec.priority <= ownPriority ? ', and steps back' : ', and has it then';
  return [`${kind} ${keyFor(metadata.namespace, metadata.name!)} selects it too${first}`];
}

/** `"apps/v1, Resource=deployments"(default/web)`: how the reference names an object. */
export function spokenPiece(
  { group, version, resource }: DiscoveredResource,
  { metadata }: UnstructuredObject,
): string {
  return `"${group}/${version}, Resource=${resource}"(${keyFor(metadata.namespace, metadata.name!)})`;
}
