/** Makes a preview: reads policies, templates and bindings, and asks the flow's plans what would become of each. */
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import { bindingNameFor } from '#apis/names/objects.ts';
import { claimOf, policyIdOf } from '#apis/policy/claim.ts';
import { type Policy, policyRank } from '#apis/policy/matching.ts';
import { type AnyOverridePolicy, overrideRank, rulesFor } from '#apis/policy/overrides/select.ts';
import { type Binding, bindingKinds } from '#apis/work/binding.ts';
import type { TypedResource } from '#client/api-client.ts';
import type { KindFinder } from '#client/kinds.ts';
import { listAll } from '#client/list-all.ts';
import { isTemplate } from '#flow/1-detect/plan/propagated.ts';
import { type Fleet, prepareFleet } from '#flow/2-schedule/plan/fleet.ts';
import { type Manifests, manifestsFor } from '#flow/3-render/plan/manifests.ts';
import type { Interpreter } from '#interpreter/interpreter.ts';
import { keyFor } from '#kube/meta/key.ts';
import { gvkOf, parseApiVersion } from '#kube/meta/kind.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { eachLimited } from '#runtime/each.ts';
import { titled } from '../model.ts';
import type { Source } from '../reading/inventory.ts';
import { overridesIn, policiesIn } from '../reading/policies.ts';
import { subjectOf } from '../why/words.ts';
import { alongNotes } from './along.ts';
import { differences } from './differ.ts';
import { claimTitle, type Followed, follow } from './follow.ts';
import { meet } from './meet.ts';
import { type ClusterOutcome, type Preview, previewOf, type TemplateOutcome } from './model.ts';
import { type Proposal, propose, proposeDeletion } from './proposal.ts';

/** Templates worked on at a time; each may read of some members. */
const templatesAtATime = 8;

export interface PreviewOptions {
  readonly control: Source;
  /** Throws where there is no way to it. */
  readonly member: (name: string) => Promise<Source>;
  readonly interpreter: Interpreter;
  readonly kindOf: KindFinder;
  /** Policies as people write them, namespaces filled in. */
  readonly asked: readonly KubeObject[];
  /** Policies that would be deleted, by their names. */
  readonly deleted?: readonly KubeObject[];
  /** Whether the gate PropagationPolicyPreemption is on. */
  readonly preemption: boolean;
}

interface World {
  readonly policies: readonly Policy[];
  readonly overrides: readonly AnyOverridePolicy[];
}

interface Known {
  readonly before: World;
  readonly after: World;
  readonly bindings: ReadonlyMap<string, Binding>;
  /** Propagation policies as they would be. */
  readonly proposed: readonly Policy[];
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly fleet: Fleet;
}

const idOf = (object: KubeObject): string => titled(object);

/** The list with each proposal in its place, and without what would be deleted. */
function changed<T extends KubeObject>(
  objects: readonly T[],
  proposals: readonly Proposal[],
  kinds: string,
): readonly T[] {
  const own = proposals.filter(({ before, after }) => (after ?? before)?.kind.endsWith(kinds));
  const proposed = new Map(
    own.map(({ before, after }) => [idOf((after ?? before)!), after as unknown as T | undefined]),
  );
  return [
    ...objects.filter((each) => !proposed.has(idOf(each))),
    ...[...proposed.values()].filter((each) => each !== undefined),
  ];
}

export async function makePreview(options: PreviewOptions): Promise<Preview> {
  const { client } = options.control;
  const proposals: Proposal[] = [];
  for (const asked of options.asked) proposals.push(await propose(client, asked));
  for (const asked of options.deleted ?? []) proposals.push(await proposeDeletion(client, asked));
  const [policies, overrides, clusters, ...bindings] = await Promise.all([
    policiesIn(client),
    overridesIn(client),
    listAll<Cluster>(client, ClusterKind),
    ...bindingKinds.map((kind) => listAll(client, kind as TypedResource<Binding>)),
  ]);
  const known: Known = {
    before: { policies: policies, overrides },
    after: {
      policies: changed(policies, proposals, 'PropagationPolicy'),
      overrides: changed(overrides, proposals, 'OverridePolicy'),
    },
    proposed: changed<Policy>([], proposals, 'PropagationPolicy'),
    bindings: new Map(bindings.flat().map((each) => [keyFor(each.metadata.namespace, each.metadata.name!), each])),
    clusters: new Map(clusters.map((each) => [each.metadata.name!, each])),
    fleet: prepareFleet(clusters),
  };
  const templates = await concerned(options, known, proposals);
  const outcomes = await eachLimited(templates, templatesAtATime, (template) => outcomeOf(options, known, template));
  return previewOf(
    proposals.map(({ outcome }) => outcome),
    outcomes,
  );
}

/** Namespaces nothing is propagated from, by the controllers' default. */
const skippedNamespaces = [/^kube-.*$/];

/** The templates that a policy matches or matched, or has claimed; of overrides those that are bound. */
async function concerned(
  { control }: PreviewOptions,
  known: Known,
  proposals: readonly Proposal[],
): Promise<readonly UnstructuredObject[]> {
  const versions = proposals.flatMap(({ before, after }) => [before, after].filter((each) => each !== undefined));
  const propagating = versions.filter(({ kind }) => kind.endsWith('PropagationPolicy')) as unknown as readonly Policy[];
  const overriding = versions.filter(({ kind }) =>
    kind.endsWith('OverridePolicy'),
  ) as unknown as readonly AnyOverridePolicy[];
  const ids = new Set(propagating.map(policyIdOf).filter((id) => id !== ''));
  const isMeant = (template: KubeObject) =>
    propagating.some((policy) => policyRank(policy, template) > 0) ||
    ids.has(claimOf(template)?.id ?? '') ||
    (bindingOf(known, template) !== undefined && overriding.some((policy) => overrideRank(policy, template) > 0));
  const found: UnstructuredObject[] = [];
  for (const { apiVersion, kind, namespace } of placesToLook(known, propagating, overriding, ids)) {
    const resource = await control.mapper.find({ ...parseApiVersion(apiVersion), kind });
    if (!resource) continue;
    const scope = resource.namespaced && namespace ? { namespace } : {};
    for (const item of await listAll(control.client, resource, scope)) {
      const template = { ...item, apiVersion, kind } as UnstructuredObject;
      if (isTemplate(template, skippedNamespaces) && isMeant(template)) found.push(template);
    }
  }
  return [...new Map(found.map((template) => [`${template.apiVersion} ${titled(template)}`, template])).values()];
}

interface Place {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent: in all. */
  readonly namespace?: string;
}

/** Each kind once for a namespace; those a policy selects, and those of what it has claimed or overrides. */
function placesToLook(
  { bindings }: Known,
  propagating: readonly Policy[],
  overriding: readonly AnyOverridePolicy[],
  ids: ReadonlySet<string>,
): readonly Place[] {
  const places = new Map<string, Place>();
  const add = (apiVersion: string, kind: string, namespace: string | undefined) =>
    places.set(`${apiVersion} ${kind} ${namespace ?? ''}`, { apiVersion, kind, ...(namespace ? { namespace } : {}) });
  for (const { metadata, spec } of [...propagating, ...overriding])
    for (const { apiVersion, kind } of spec.resourceSelectors ?? []) add(apiVersion, kind, metadata.namespace);
  const everything = overriding.filter(({ spec }) => (spec.resourceSelectors ?? []).length === 0);
  for (const binding of bindings.values()) {
    const { apiVersion, kind, namespace } = binding.spec.resource;
    const overridden = everything.some(({ metadata }) => !metadata.namespace || metadata.namespace === namespace);
    if (overridden || ids.has(claimOf(binding)?.id ?? '')) add(apiVersion, kind, namespace);
  }
  return [...places.values()].filter(
    ({ apiVersion, kind, namespace }) => !namespace || !places.has(`${apiVersion} ${kind} `),
  );
}

/** Undefined for the binding of an earlier template of that name. */
function bindingOf({ bindings }: Known, { kind, metadata }: KubeObject): Binding | undefined {
  const found = bindings.get(keyFor(metadata.namespace, bindingNameFor(kind, metadata.name!)));
  return found?.spec.resource.uid === metadata.uid ? found : undefined;
}

const nothing: Manifests = { rendered: new Map(), failures: new Map() };

async function outcomeOf(
  options: PreviewOptions,
  known: Known,
  template: UnstructuredObject,
): Promise<TemplateOutcome> {
  const { interpreter, kindOf, preemption } = options;
  const existing = bindingOf(known, template);
  const replicas = await interpreter.getReplicas(template).catch(asError);
  if (replicas instanceof Error) return unread(template, replicas);
  const followed = follow({ template, existing, ...known.after, preemption, fleet: known.fleet, replicas });
  const rendered = async (binding: Binding | undefined, { overrides }: World) => {
    if (!binding) return nothing;
    const rules = rulesFor(overrides, template);
    const context = { interpreter, kindOf, overrides: { rulesFor: () => rules, clusters: known.clusters } };
    return manifestsFor(context, binding, template);
  };
  const kind = kindOf(gvkOf(template));
  const before = { binding: existing, manifests: await rendered(existing, known.before) };
  // Nobody's any more: its Works stay as they are, whatever overrides become.
  const after =
    followed.owner.is === 'released'
      ? before
      : { binding: followed.binding, manifests: await rendered(followed.binding, known.after) };
  const clusters: ClusterOutcome[] = [];
  for (const outcome of differences({ template, kind, before, after })) {
    const { binding, manifests } = after;
    const meeting = binding && outcome.is !== 'leaves' && { ...options, template, kind, binding, manifests };
    clusters.push(meeting ? await meet(meeting, outcome) : outcome);
  }
  const comes = clusters.filter(({ is }) => is === 'comes').map(({ cluster }) => cluster);
  const along = after.binding
    ? await alongNotes({ ...options, template, binding: after.binding, comes, ...known })
    : [];
  return { object: subjectOf(template), ...told(followed, existing, along), clusters };
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** Whom nobody can tell the replicas of stays as it is: detection would fail alike. */
function unread(template: UnstructuredObject, { message }: Error): TemplateOutcome {
  const before = claimTitle(template);
  const owner = before === undefined ? ({ is: 'none' } as const) : ({ before, after: before, is: 'kept' } as const);
  return { object: subjectOf(template), owner, failure: `its replicas cannot be told: ${message}`, clusters: [] };
}

function told(
  { owner, binding, failure, ...followed }: Followed,
  existing: Binding | undefined,
  along: readonly string[],
) {
  const notes = [...followed.notes, ...along];
  const count = (each: Binding | undefined) => (each?.spec.clusters ?? []).length;
  const loses = count(existing) > 0 && count(binding) === 0;
  return {
    owner,
    ...(loses ? { loses } : {}),
    ...(failure === undefined ? {} : { failure }),
    ...(notes.length > 0 ? { notes } : {}),
  };
}
