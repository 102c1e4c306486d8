/** Brings one manifest to one member: carries out plan after plan until nothing is left to write. */
import type { Work } from '#apis/work/work.ts';
import { type CachedResource, nameOf } from '#client/cached.ts';
import type { Member } from '#client/members.ts';
import type { TemplateReader } from '#client/template-reader.ts';
import type { Interpreter } from '#interpreter/interpreter.ts';
import { compare, touched } from '#kube/apply/typed/compare.ts';
import { fieldSetOf } from '#kube/apply/typed/field-set.ts';
import { extractItems } from '#kube/apply/typed/remove.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { gvkOf } from '#kube/meta/kind.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { isReason } from '#kube/status/status.ts';
import type { Journal } from './journal.ts';
import { type Deferred, deferredAtAdoption, statedIn } from './plan/applied.ts';
import { fieldManager } from './plan/managers.ts';
import { isManaged, isPlace, mayAdopt, planWrite, refusal } from './plan.ts';
import type { Reverts } from './reverts.ts';

/** What was last applied and what the member answered: a write that would say the same again is left out. */
export interface Answers {
  readonly get: (key: string) => { readonly config: UnstructuredObject; readonly answer: KubeObject } | undefined;
  readonly set: (key: string, value: { readonly config: UnstructuredObject; readonly answer: KubeObject }) => void;
}

export interface WriterContext {
  readonly interpreter: Interpreter;
  readonly journal: Journal;
  readonly answers: Answers;
  readonly reverts: Reverts;
}

/** Raised when the member's object is not ours; the message is the one compatible clients know. */
export class NotOurs extends Error {
  override readonly name = 'NotOurs';
}

/** Release, apply and hand-over, each once, and a second look after a conflict: more means that somebody fights back. */
const mostSteps = 8;

export interface WriteResult {
  readonly object: UnstructuredObject;
  /** Something was written. */
  readonly written: boolean;
  /** What is worth saying in the Work's condition: who keeps changing which field back. */
  readonly note?: string;
  /** Milliseconds until the next try, when we are holding back in such a fight. */
  readonly holdBack?: number;
}

export async function writeManifest(
  context: WriterContext,
  member: Member,
  templates: TemplateReader,
  work: Work,
  manifest: UnstructuredObject,
): Promise<WriteResult> {
  const kind = member.kindOf(gvkOf(manifest));
  const source = await templates.of(manifest);
  if (!source || !kind) {
    throw new Error(
      `cluster ${member.name} does not serve ${manifest.apiVersion} ${manifest.kind}; install its CustomResourceDefinition there`,
    );
  }
  const resource = source.resource as unknown as CachedResource<UnstructuredObject>;
  let live = source.get(nameOf(manifest)) as UnstructuredObject | undefined;
  let deferred: readonly Deferred[] = [];
  let written = false;
  if (live && !isManaged(live) && !(isPlace(manifest) && !mayAdopt(manifest))) {
    const adopted = await adopt(context, member, resource, work, manifest);
    ({ live, deferred } = adopted);
  } else if (live) {
    deferred = (await context.journal.of(work))?.deferred ?? [];
  }
  for (let step = 0; step < mostSteps; step++) {
    const retained = live ? await context.interpreter.retain(manifest, live) : manifest;
    const stated = statedIn(work, manifest, kind.schema);
    const plan = planWrite({ cluster: member.name, manifest, stated, live, retained, deferred, kind });
    if (plan.action === 'none') return { object: live!, written, note: context.reverts.note(work) };
    if (plan.action === 'refuse') throw new NotOurs(plan.why);
    if (plan.action === 'apply') {
      const repeated = repetition(context, work, plan.config, live!, kind.schema);
      if (repeated) return { object: live!, written, ...repeated };
    }
    live = await carryOut(context, resource, work, plan, manifest, live);
    written = true;
  }
  throw new Error(
    `${manifest.kind} ${manifest.metadata.name} in ${member.name} keeps changing while it is written; it is tried again`,
  );
}

/**
 * Why an apply that was sent before is not sent again now: the member answered it with other values (a webhook there),
 * or somebody changes it back again and again. Undefined: send it.
 */
function repetition(
  { answers, reverts }: WriterContext,
  work: Work,
  config: UnstructuredObject,
  live: UnstructuredObject,
  schema: Schema,
): Pick<WriteResult, 'note' | 'holdBack'> | undefined {
  const last = answers.get(work.metadata.uid!);
  if (!last || !deepEqual(last.config, config)) return undefined;
  if (last.answer.metadata.resourceVersion === live.metadata.resourceVersion) return {};
  const changed = touched(compare(schema, extractItems(schema, live, fieldSetOf(schema, config)), config));
  const holdBack = reverts.before(work, live, changed);
  return holdBack > 0 ? { holdBack, note: reverts.note(work) } : undefined;
}

type Write = Exclude<ReturnType<typeof planWrite>, { readonly action: 'none' | 'refuse' }>;

async function carryOut(
  { answers }: WriterContext,
  resource: CachedResource<UnstructuredObject>,
  work: Work,
  plan: Write,
  manifest: UnstructuredObject,
  live: UnstructuredObject | undefined,
): Promise<UnstructuredObject> {
  switch (plan.action) {
    case 'create':
      return create(resource, plan.object, manifest);
    case 'release':
    case 'handOver': {
      const patched = await resource.live.patch(nameOf(live!), 'json', plan.patch, { fieldManager });
      resource.informer.observe(patched);
      return patched;
    }
    case 'apply': {
      // The uid makes sure that it is this object and not one of the same name made meanwhile.
      const config = { ...plan.config, metadata: { ...plan.config.metadata, uid: live!.metadata.uid } };
      const answer = await resource.live.apply(config, { fieldManager, force: true });
      resource.informer.observe(answer as UnstructuredObject);
      answers.set(work.metadata.uid!, { config: plan.config, answer });
      return answer as UnstructuredObject;
    }
  }
}

/** Creation is a POST: an object that appeared meanwhile is somebody else's until looked at. */
async function create(
  resource: CachedResource<UnstructuredObject>,
  object: UnstructuredObject,
  manifest: UnstructuredObject,
): Promise<UnstructuredObject> {
  try {
    return await resource.create(object, { fieldManager });
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) throw error;
    const found = await resource.live.get(nameOf(manifest));
    resource.informer.observe(found);
    if (!isManaged(found))
      throw new Retry(`${manifest.kind} ${manifest.metadata.name} appeared while it was being created`);
    return found;
  }
}

/** Looked at again at once: the next reconciliation sees the object. */
export class Retry extends Error {
  override readonly name = 'Retry';
}

/** Keeps the original as the API server has it now, before the first write. */
async function adopt(
  { journal }: WriterContext,
  member: Member,
  resource: CachedResource<UnstructuredObject>,
  work: Work,
  manifest: UnstructuredObject,
): Promise<{ readonly live: UnstructuredObject | undefined; readonly deferred: readonly Deferred[] }> {
  if (!mayAdopt(manifest)) throw new NotOurs(refusal(member.name, manifest));
  let live: UnstructuredObject;
  try {
    live = await resource.live.get(nameOf(manifest));
  } catch (error) {
    if (isReason(error, 'NotFound')) return { live: undefined, deferred: [] };
    throw error;
  }
  resource.informer.observe(live);
  if (isManaged(live)) return { live, deferred: (await journal.of(work))?.deferred ?? [] };
  const deferred = deferredAtAdoption(live, manifest);
  await journal.keep(work, { object: live, deferred });
  return { live, deferred };
}
