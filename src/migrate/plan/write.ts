/**
 * The very write that taking over would do in the running cluster: the same plans that detection, rendering and
 * execution carry out are asked, one after another, before there is any template. Nothing is sent from here.
 */
import type { Policy } from '#apis/policy/matching.ts';
import { manifestsOf, type Work } from '#apis/work/work.ts';
import { bindingFor } from '#flow/1-detect/plan/binding.ts';
import { stampOf } from '#flow/1-detect/plan/stamp.ts';
import { prune } from '#flow/3-render/plan/prune.ts';
import { plain, type Rendered } from '#flow/3-render/plan/rendered.ts';
import { render } from '#flow/3-render/plan.ts';
import { deferredAtAdoption, removedIn, statedIn } from '#flow/4-execute/plan/applied.ts';
import { meansFor } from '#flow/4-execute/plan/means.ts';
import { planWrite, type WritePlan } from '#flow/4-execute/plan.ts';
import type { Interpreter } from '#interpreter/interpreter.ts';
import { fieldSetOf } from '#kube/apply/typed/field-set.ts';
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
  /** The pruned manifest with what is stated in it and what overrides do; without it all of it is stated. */
  readonly rendered?: (manifest: UnstructuredObject) => Rendered;
}

/** Ids that objects get when they are made; what they are changes no verdict. */
export const someId = '00000000-0000-4000-8000-000000000000';

/** The template as the control plane will hold it, as far as the flow looks at it. */
const asStored = (template: UnstructuredObject): UnstructuredObject => ({
  ...template,
  metadata: { ...template.metadata, uid: someId, resourceVersion: '1', generation: 1 },
});

export async function exactWrite(input: ExactWriteInput): Promise<WritePlan> {
  const { cluster, kind, interpreter } = input;
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
  const stating = (all: UnstructuredObject) => plain(all, fieldSetOf(kind.schema, prune(input.template)));
  const [work] = render({
    binding,
    template,
    rendered: new Map([[cluster, (input.rendered ?? stating)(manifest)]]),
    existing: [],
    newId: () => someId,
  }).write;
  return writeOf({ ...input, work: work! });
}

export interface WriteOfInput extends Pick<ExactWriteInput, 'cluster' | 'live' | 'kind' | 'interpreter'> {
  readonly work: Work;
}

/** What execution would do first with this Work and the object that is there. */
export async function writeOf({ cluster, live, kind, interpreter, work }: WriteOfInput): Promise<WritePlan> {
  const [sent] = manifestsOf(work) as readonly [UnstructuredObject];
  return planWrite({
    cluster,
    manifest: sent,
    stated: statedIn(work, sent, kind.schema),
    removed: removedIn(work),
    live,
    retained: await interpreter.retain(sent, live),
    deferred: deferredAtAdoption(live, sent),
    kind,
    means: meansFor(work, sent, kind, undefined),
    last: undefined,
  });
}
