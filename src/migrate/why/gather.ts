/** Reads what a walk needs, from the control plane and the members, through their APIs alone. */

import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import { reasons } from '#apis/events/reasons.ts';
import { Events, Pods } from '#apis/kubernetes/types.ts';
import { bindingId, clusterBindingId } from '#apis/names/labels.ts';
import { bindingNameFor, executionNamespace, workNameFor } from '#apis/names/objects.ts';
import type { Policy } from '#apis/policy/matching.ts';
import { rulesFor } from '#apis/policy/overrides/select.ts';
import { type Binding, bindingKindFor } from '#apis/work/binding.ts';
import { manifestsOf, type Work, WorkKind } from '#apis/work/work.ts';
import type { ApiClient, TypedResource } from '#client/api-client.ts';
import type { KindFinder } from '#client/kinds.ts';
import { listAll } from '#client/list-all.ts';
import type { DiscoveredResource } from '#client/mapper/mapper.ts';
import { isTemplateResource } from '#flow/1-detect/plan/propagated.ts';
import { prepareFleet } from '#flow/2-schedule/plan/fleet.ts';
import { leftAlone } from '#flow/2-schedule/plan/left-alone.ts';
import { explain } from '#flow/2-schedule/plan.ts';
import { manifestsFor } from '#flow/3-render/plan/manifests.ts';
import { targetsOf } from '#flow/3-render/plan/targets.ts';
import { bringsDefinition } from '#interpreter/closure/record.ts';
import type { Interpreter } from '#interpreter/interpreter.ts';
import { isConditionTrue } from '#kube/conditions/conditions.ts';
import { parseApiVersion } from '#kube/meta/kind.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { controllerOf } from '#kube/meta/owner.ts';
import { isReason, StatusError } from '#kube/status/status.ts';
import { eachLimited } from '#runtime/each.ts';
import { titled } from '../model.ts';
import type { Source } from '../reading/inventory.ts';
import { overridesIn, policiesIn } from '../reading/policies.ts';
import type { MemberFact } from './cluster.ts';
import { memberFact } from './member.ts';
import { type NeedingReader, needingOf } from './needing.ts';
import { orphanedWork } from './orphaned-work.ts';
import { failureToMake, podTrouble } from './pods.ts';
import { assumedFlags, type SchedulerFlags, type Verdict } from './schedule.ts';
import type { Why } from './story.ts';
import { isOf, storyOfSubject } from './subjects.ts';
import { originStep, unmanaged, walk } from './walk.ts';

/** Members asked at a time. */
const membersAtATime = 8;
/** Makers followed from a Pod upwards: a Pod, a ReplicaSet, a Deployment, and somebody's operator above it. */
const mostMakers = 8;
/** Events read about one object. */
const mostEvents = 50;
/** Pods looked at in one member. */
const mostPods = 100;

export interface WhyOptions {
  readonly control: Source;
  /** Throws where there is no way to it. */
  readonly member: (name: string) => Promise<Source>;
  readonly interpreter: Interpreter;
  readonly kindOf: KindFinder;
  readonly resource: DiscoveredResource;
  readonly namespace?: string;
  readonly name: string;
  /** The member whose object is meant; absent: the control plane's, else whichever member has it. */
  readonly cluster?: string;
  /** Asked where the scheduler's verdict is not served; absent: the defaults are assumed. */
  readonly schedulerFlags?: () => Promise<SchedulerFlags>;
}

type Key = { readonly namespace?: string; readonly name: string };

async function found<T extends KubeObject>(
  client: ApiClient,
  resource: TypedResource<T>,
  key: { readonly namespace?: string; readonly name: string },
): Promise<T | undefined> {
  try {
    return await client.resource(resource).get(key);
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

const typedAs = (resource: DiscoveredResource, object: KubeObject): UnstructuredObject =>
  ({
    ...object,
    apiVersion: resource.group ? `${resource.group}/${resource.version}` : resource.version,
    kind: resource.kind,
  }) as UnstructuredObject;

/** Throws NotFound, in the server's words, for what neither the control plane nor any member has. */
export async function why(options: WhyOptions): Promise<Why> {
  const { control, resource, name, namespace } = options;
  const key = { name, ...(resource.namespaced && namespace ? { namespace } : {}) };
  const clusters = await listAll<Cluster>(control.client, ClusterKind);
  if (options.cluster !== undefined) return inThatMember(options, options.cluster, clusters, key);
  const template = await found(control.client, resource, key);
  if (template) {
    const own = typedAs(resource, template);
    const subject = storyOfSubject(control, resource, own);
    if (subject) return subject;
    const source = await templateOf(options, own);
    if (!source && isOf(resource, WorkKind)) return orphanedWork(own as unknown as Work);
    const facts = await factsOf(options, source ?? own, clusters);
    return walk(source ? { ...facts, madeBy: [titled(source)] } : facts);
  }
  const members = await inMembers(options, clusters, resource, key);
  const holding = [...members].flatMap(([cluster, fact]) =>
    'object' in fact && fact.object ? [{ cluster, object: fact.object }] : [],
  );
  const [first] = holding;
  // Nobody has it: the control plane says so.
  if (!first)
    return walk(await factsOf(options, typedAs(resource, await control.client.resource(resource).get(key)), clusters));
  const { top, chain } = await makersOf(await options.member(first.cluster), first.object);
  const madeBy = chain.length > 0 ? chain.map(titled) : undefined;
  const topResource = await control.mapper.find({ ...parseApiVersion(top.apiVersion), kind: top.kind });
  const { namespace: topNamespace, name: topName } = top.metadata;
  const owner =
    topResource &&
    (await found(control.client, topResource, {
      name: topName!,
      ...(topNamespace ? { namespace: topNamespace } : {}),
    }));
  if (!owner)
    return unmanaged(
      top,
      holding.map(({ cluster }) => cluster),
      madeBy,
    );
  return walk({ ...(await factsOf(options, typedAs(topResource, owner), clusters)), ...(madeBy ? { madeBy } : {}) });
}

/** From a member's object up to whoever made it, its Work and template. Throws NotFound in that member's words. */
async function inThatMember(
  options: WhyOptions,
  cluster: string,
  clusters: readonly Cluster[],
  key: Key,
): Promise<Why> {
  const { control, resource } = options;
  const member = await options.member(cluster);
  const object = typedAs(resource, await member.client.resource(resource).get(key));
  const { top, chain } = await makersOf(member, object);
  const madeBy = chain.length > 0 ? { madeBy: chain.map(titled) } : {};
  const topResource = await control.mapper.find({ ...parseApiVersion(top.apiVersion), kind: top.kind });
  const { namespace, name } = top.metadata;
  const template =
    topResource && (await found(control.client, topResource, { name: name!, ...(namespace ? { namespace } : {}) }));
  if (!topResource || !template) return unmanaged(top, [cluster], madeBy.madeBy);
  const facts = await factsOf(options, typedAs(topResource, template), clusters);
  return walk({ ...facts, ...madeBy, origin: originStep(top, cluster) });
}

/** What a binding or a Work is made of; undefined for all else, and where that is not there any more. */
async function templateOf(
  { control }: WhyOptions,
  object: UnstructuredObject,
): Promise<UnstructuredObject | undefined> {
  if (parseApiVersion(object.apiVersion).group !== WorkKind.group) return undefined;
  const made = object.kind === WorkKind.kind ? manifestsOf(object as unknown as Work)[0] : undefined;
  const { resource: bound } = (object as unknown as Binding).spec as Partial<Binding['spec']>;
  const { apiVersion, kind } = made ?? bound ?? {};
  const { namespace, name } = made?.metadata ?? bound ?? {};
  return name ? objectOf(control, { apiVersion, kind, namespace, name }) : undefined;
}

type Named = { readonly [K in 'apiVersion' | 'kind' | 'namespace']?: string | undefined } & { readonly name: string };

/** Undefined for what is not there, and for a kind that is not served. */
async function objectOf(
  control: Source,
  { apiVersion, kind, namespace, name }: Named,
): Promise<UnstructuredObject | undefined> {
  const resource = apiVersion && kind ? await control.mapper.find({ ...parseApiVersion(apiVersion), kind }) : undefined;
  const object = resource && (await found(control.client, resource, { name, ...(namespace ? { namespace } : {}) }));
  return object && typedAs(resource, object);
}

/** The one nobody made, and the way to it. */
async function makersOf({ client, mapper }: Source, object: UnstructuredObject) {
  const chain: UnstructuredObject[] = [];
  let top = object;
  for (let i = 0; i < mostMakers; i++) {
    const maker = controllerOf(top);
    const resource = maker && (await mapper.find({ ...parseApiVersion(maker.apiVersion), kind: maker.kind }));
    if (!maker || !resource) break;
    const { namespace } = top.metadata;
    const next = await found(client, resource, {
      name: maker.name,
      ...(resource.namespaced && namespace ? { namespace } : {}),
    });
    if (!next) break;
    top = typedAs(resource, next);
    chain.push(top);
  }
  return { top, chain };
}

async function inMembers(
  options: WhyOptions,
  clusters: readonly Cluster[],
  resource: DiscoveredResource,
  key: Key,
): Promise<ReadonlyMap<string, MemberFact>> {
  const facts = await eachLimited(clusters, membersAtATime, async ({ metadata, status }) => {
    const name = metadata.name!;
    if (!isConditionTrue(status?.conditions, 'Ready'))
      return [name, { unreached: 'the cluster is not Ready' }] as const;
    try {
      const { client } = await options.member(name);
      const object = await found(client, resource, key);
      return [name, { object: object && typedAs(resource, object) }] as const;
    } catch (error) {
      return [name, { unreached: error instanceof Error ? error.message : String(error) }] as const;
    }
  });
  return new Map<string, MemberFact>(facts);
}

async function factsOf(options: WhyOptions, template: UnstructuredObject, clusters: readonly Cluster[]) {
  const { control, interpreter, kindOf } = options;
  const { client } = control;
  const { namespace, name } = template.metadata;
  const bindingKind = bindingKindFor(namespace) as TypedResource<Binding>;
  const [policies, overrides, binding, warnings] = await Promise.all([
    policiesIn(client),
    overridesIn(client),
    found(client, bindingKind, { name: bindingNameFor(template.kind, name!), ...(namespace ? { namespace } : {}) }),
    warningsAbout(client, template),
  ]);
  const own = binding?.spec.resource.uid === template.metadata.uid ? binding : undefined;
  const targets = own ? targetsOf(own.spec).map((target) => target.name) : [];
  const workName = workNameFor(template.kind, name!, namespace);
  const id = own?.metadata.labels?.[namespace ? bindingId : clusterBindingId];
  const labelSelector = `${namespace ? bindingId : clusterBindingId}=${id}`;
  // Those of clusters it is to leave among them.
  const works = id ? await listAll<Work>(client, WorkKind, { labelSelector }) : [];
  const there = clusters.filter(({ metadata }) => targets.includes(metadata.name!));
  const resource = await control.mapper.find({ ...parseApiVersion(template.apiVersion), kind: template.kind });
  const inside = resource
    ? await inMembers(options, there, resource, { name: name!, ...(namespace ? { namespace } : {}) })
    : new Map<string, MemberFact>();
  const kept = works
    .filter(({ metadata }) => metadata.name === workName)
    .map((work) => ({ ...work, kind: WorkKind.kind }));
  const members = new Map<string, MemberFact>();
  for (const [cluster, fact] of inside) {
    const work = kept.find(({ metadata }) => metadata.namespace === executionNamespace(cluster));
    const told = await memberFact(fact, work, { interpreter, kindOf });
    const { health } = own?.status?.aggregatedStatus?.find(({ clusterName }) => clusterName === cluster) ?? {};
    members.set(cluster, health === 'Unhealthy' ? await withTrouble(options, cluster, told) : told);
  }
  const rules = rulesFor(overrides, template);
  const byName = new Map(clusters.map((cluster) => [cluster.metadata.name!, cluster]));
  const failures = own
    ? (
        await manifestsFor(
          { interpreter, kindOf, overrides: { rulesFor: () => rules, clusters: byName } },
          own,
          template,
        )
      ).failures
    : new Map<string, Error>();
  const verdict = own && (await verdictOn(options, own, clusters));
  const propagates = resource !== undefined && isTemplateResource(resource, []);
  const needing = await needingOf(needingReader(options, policies), template, own);
  return {
    template,
    propagates,
    policies,
    overrides,
    clusters,
    binding: own,
    needing,
    verdict,
    works: kept,
    failures,
    members,
    warnings,
  };
}

const needingReader = ({ control, interpreter }: WhyOptions, policies: readonly Policy[]): NeedingReader => ({
  client: control.client,
  interpreter,
  policies,
  templateOf: (reference) => objectOf(control, reference),
  failuresOf: (binding) => warningsAbout(control.client, binding, reasons.syncDependenciesFailed),
});

/** With what keeps its Pods from being ready, where it has Pods and they may be read. */
async function withTrouble({ member }: WhyOptions, cluster: string, fact: MemberFact): Promise<MemberFact> {
  if (!('object' in fact) || !fact.object) return fact;
  const { spec, metadata } = fact.object as UnstructuredObject & { readonly spec?: { readonly selector?: unknown } };
  const { matchLabels = {} } = (spec?.selector ?? {}) as { readonly matchLabels?: Readonly<Record<string, string>> };
  const labelSelector = Object.entries(matchLabels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  if (labelSelector === '' || !metadata.namespace) return fact;
  try {
    const { client } = await member(cluster);
    const { items } = await client
      .resource(Pods)
      .list({ namespace: metadata.namespace, labelSelector, limit: mostPods });
    const reason = failureToMake(fact.object);
    const trouble = podTrouble(items) ?? (reason ? { reason } : undefined);
    return trouble ? { ...fact, trouble } : fact;
  } catch (error) {
    if (error instanceof StatusError) return fact;
    throw error;
  }
}

/** The latest first; none where events may not be read. */
async function warningsAbout(client: ApiClient, { metadata }: KubeObject, reason?: string): Promise<readonly string[]> {
  const fieldSelector = `involvedObject.uid=${metadata.uid},type=Warning${reason ? `,reason=${reason}` : ''}`;
  const namespace = metadata.namespace ?? 'default';
  try {
    const { items } = await client.resource(Events).list({ namespace, fieldSelector, limit: mostEvents });
    return [...items]
      .sort((a, b) => ((a.lastTimestamp ?? '') > (b.lastTimestamp ?? '') ? -1 : 1))
      .flatMap(({ message }) => (message ? [message] : []));
  } catch (error) {
    if (error instanceof StatusError) return [];
    throw error;
  }
}

/** The scheduler's own word where it is served, else what its plan says of the same objects. */
async function verdictOn(
  { control: { client }, schedulerFlags }: WhyOptions,
  binding: Binding,
  clusters: readonly Cluster[],
): Promise<Verdict | string> {
  const { namespace, name } = binding.metadata;
  try {
    const kind = bindingKindFor(namespace) as TypedResource<KubeObject>;
    const answer = (await client
      .resource(kind)
      .get({ name: name!, ...(namespace ? { namespace } : {}) }, { subresource: 'verdict' })) as KubeObject &
      Partial<Verdict> & { readonly leftAlone?: string };
    if (answer.leftAlone !== undefined) return answer.leftAlone;
    if (answer.verdict && answer.terms) return { verdict: answer.verdict, terms: answer.terms };
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
  }
  const { settings, schedulerName, taken } = (await schedulerFlags?.()) ?? assumedFlags;
  const alone = leftAlone(binding, schedulerName);
  if (alone !== undefined) return alone;
  const explanation = explain({
    spec: binding.spec,
    status: binding.status,
    fleet: prepareFleet(clusters),
    settings,
    ...(bringsDefinition(binding) ? { bringsDefinition: true } : {}),
  });
  return { ...explanation, assumed: taken };
}
