/**
 * The very writes that taking over would do in the running cluster: the same plans that detection, rendering and
 * execution carry out are asked, one after another, before there is any template. Nothing is sent from here.
 */
import type { Policy } from '#apis/policy/matching.ts';
import type { PolicyRule } from '#apis/policy/overrides/select.ts';
import { manifestsOf, type Work } from '#apis/work/work.ts';
import { bindingFor } from '#flow/1-detect/plan/binding.ts';
import { stampOf } from '#flow/1-detect/plan/stamp.ts';
import { prune } from '#flow/3-render/plan/prune.ts';
import { plain, withOverrides } from '#flow/3-render/plan/rendered.ts';
import { render } from '#flow/3-render/plan.ts';
import { type Deferred, deferredAtAdoption, removedIn, statedIn, stillDeferred } from '#flow/4-execute/plan/applied.ts';
import { meansFor } from '#flow/4-execute/plan/means.ts';
import { planWrite, type WritePlan } from '#flow/4-execute/plan.ts';
import type { Interpreter } from '#interpreter/interpreter.ts';
import { fieldSetOf } from '#kube/apply/typed/field-set.ts';
import type { FieldSet } from '#kube/fields/fieldset.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';

export interface ExactWriteInput {
  readonly cluster: string;
  readonly live: UnstructuredObject;
  /** As it will be applied to the control plane: all of it is stated. */
  readonly template: UnstructuredObject;
  readonly policy: Policy;
  readonly kind: KindDefinition;
  readonly interpreter: Interpreter;
  /** What somebody asked for in the template; all of it when absent. */
  readonly stated?: FieldSet | 'whole';
  /** The rules of override policies for this template in this cluster, in the order in which they apply. */
  readonly rules?: readonly PolicyRule[];
}

/** Ids that objects get when they are made; what they are changes no verdict. */
export const someId = '00000000-0000-4000-8000-000000000000';

/** The template as the control plane will hold it, as far as the flow looks at it. */
const asStored = (template: UnstructuredObject): UnstructuredObject => ({
  ...template,
  metadata: { ...template.metadata, uid: someId, resourceVersion: '1', generation: 1 },
});

/** Throws RuleFailed where an override policy cannot be applied. */
export async function exactWrites(input: ExactWriteInput): Promise<NextWrite> {
  const { cluster, kind, interpreter, rules = [] } = input;
  const template = asStored(input.template);
  const replicas = await interpreter.getReplicas(template);
  const built = bindingFor({
    template,
    policy: input.policy,
    replicas,
    existing: undefined,
    stamp: stampOf(template),
    newId: someId,
  });
  const target = { name: cluster, ...(replicas ? { replicas: replicas.replicas } : {}) };
  const binding = { ...built, spec: { ...built.spec, clusters: [target] } } as typeof built;
  const pruned = prune(template);
  const manifest = replicas ? await interpreter.reviseReplica(pruned, replicas.replicas) : pruned;
  const stated = input.stated ?? fieldSetOf(kind.schema, prune(input.template));
  const [work] = render({
    binding,
    template,
    rendered: new Map([[cluster, withOverrides(plain(manifest, stated), rules, kind)]]),
    existing: [],
    newId: () => someId,
  }).write;
  return writesOf({ ...input, work: work! });
}

export interface WritesOfInput extends Pick<ExactWriteInput, 'cluster' | 'live' | 'kind' | 'interpreter'> {
  readonly work: Work;
  /** Of an object that is ours: what its journal says is still deferred. */
  readonly deferred?: readonly Deferred[];
}

/**
 * What execution would do next with a Work, the object being as it is by then. `refused`: what the member has answered
 * to an apply that it cannot do.
 */
export type NextWrite = (now: UnstructuredObject, refused?: string) => Promise<WritePlan>;

export function writesOf({ cluster, live, kind, interpreter, work, deferred }: WritesOfInput): NextWrite {
  const [sent] = manifestsOf(work) as readonly [UnstructuredObject];
  const noted = deferred ?? deferredAtAdoption(live, sent);
  return async (now, refused) =>
    planWrite({
      cluster,
      manifest: sent,
      stated: statedIn(work, sent, kind.schema),
      removed: removedIn(work),
      live: now,
      retained: await interpreter.retain(sent, now),
      deferred: stillDeferred(noted, sent, now),
      kind,
      means: meansFor(work, sent, kind, refused),
      last: undefined,
    });
}

/** What execution would make of a Work where nothing is. */
export function creationOf(work: Work, cluster: string, kind: KindDefinition): UnstructuredObject {
  const [manifest] = manifestsOf(work) as readonly [UnstructuredObject];
  const plan = planWrite({
    cluster,
    manifest,
    stated: statedIn(work, manifest, kind.schema),
    removed: removedIn(work),
    live: undefined,
    retained: manifest,
    deferred: [],
    kind,
    means: meansFor(work, manifest, kind, undefined),
    last: undefined,
  });
  return plan.action === 'create' ? plan.object : manifest;
}
