/** A binding that needs something: what its template needs is recorded on it, and each need is looked after. */
import { reasons } from '#apis/events/reasons.ts';
import type { Binding } from '#apis/work/binding.ts';
import { type Closure, closureOf } from '#interpreter/closure/closure.ts';
import { wantsClosure } from '#interpreter/closure/record.ts';
import type { Dependency } from '#interpreter/interpreter.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import { done, type Result, requeueAfter } from '#runtime/reconciler.ts';
import { attachedTo, type DependenciesContext, errorText } from './context.ts';
import { needFor, referenceTarget, targetOf } from './plan/needed.ts';
import { isRecorded, isReferrer, needsOf, withNeeds, withoutNeeds } from './plan/record.ts';
import { dependencyWords } from './plan/words.ts';

/** Discovery follows a new definition within a second or two. */
const servedMs = 1_500;

/** `key` is the ResourceBinding's. */
export async function reconcileReferrer(context: DependenciesContext, key: string): Promise<Result> {
  const binding = context.bindings('any').get(key);
  if (!binding || !isReferrer(binding)) return letGo(context, key, binding);
  // Not placed yet: there is nowhere to take anything. What a closure brings may decide where that is.
  const placed = (binding.spec.clusters ?? []).length > 0 || wantsClosure(binding);
  if (!placed && !isRecorded(binding)) return done;
  const template = (await context.templates.current(binding.spec.resource)) as UnstructuredObject | undefined;
  // Without its template the binding is about to be collected, and comes back here then.
  if (!template || template.metadata.uid !== binding.spec.resource.uid) return done;
  const known = context.interpreter.knows(template, 'getDependencies') || wantsClosure(binding);
  if (!known && !isRecorded(binding)) return done;
  try {
    const dependencies = await dependenciesOf(context, template);
    const { closure, incomplete } = await closureFor(context, binding, template, dependencies);
    const recorded = await record(context, binding, template, dependencies, closure);
    for (const attached of attachedTo(context, key)) context.wakeObject(referenceTarget(attached.spec.resource));
    await lookAfter(context, recorded);
    return incomplete ? requeueAfter(servedMs, incomplete) : done;
  } catch (error) {
    if (!isReason(error, 'Conflict')) {
      context.events.event(binding, 'Warning', reasons.syncDependenciesFailed, errorText(error));
    }
    throw error;
  }
}

async function dependenciesOf(
  { interpreter, events }: DependenciesContext,
  template: UnstructuredObject,
): Promise<readonly Dependency[]> {
  try {
    return await interpreter.getDependencies(template);
  } catch (error) {
    events.event(template, 'Warning', reasons.getDependenciesFailed, errorText(error));
    throw error;
  }
}

async function closureFor(
  { closures }: DependenciesContext,
  binding: Binding,
  template: UnstructuredObject,
  dependencies: readonly Dependency[],
): Promise<{ readonly closure?: Closure; readonly incomplete?: string }> {
  if (!wantsClosure(binding)) return {};
  const { view, incomplete } = await closures.view();
  return { closure: closureOf(template, dependencies, view), ...(incomplete ? { incomplete } : {}) };
}

async function record(
  { bindings, events }: DependenciesContext,
  binding: Binding,
  template: UnstructuredObject,
  dependencies: readonly Dependency[],
  closure: Closure | undefined,
): Promise<Binding> {
  const recorded = withNeeds(binding, { dependencies, ...(closure ? { closure: closure.members } : {}) });
  if (recorded === binding) return binding;
  const written = await bindings('any').update(recorded);
  const words = dependencyWords(dependencies);
  events.event(template, 'Normal', reasons.getDependenciesSucceed, `Get dependencies(${words}) succeed.`);
  if (closure?.cutShort) {
    const message = `Not all that belongs to it is propagated: ${closure.cutShort}. Give the rest a policy of its own.`;
    events.event(binding, 'Warning', reasons.closureCutShort, message);
  }
  return written;
}

/** Each need is watched by its kind and looked at by its name; a kind nobody serves is told when the others are done. */
async function lookAfter(context: DependenciesContext, binding: Binding): Promise<void> {
  const missing = new Set<string>();
  for (const need of needsOf(binding)) {
    const { apiVersion, kind, namespace, name } = need;
    const source = await context.watched.of(need);
    if (!source) missing.add(`${kind} in ${apiVersion}`);
    else if (name) context.wakeObject(referenceTarget({ apiVersion, kind, namespace, name }));
    else {
      for (const object of source.resource.informer.list(namespace)) {
        const target = targetOf(object);
        if (needFor(binding, target, object.metadata.labels)) context.wakeObject(target);
      }
    }
  }
  if (missing.size === 0) return;
  throw new Error(
    `the control plane serves no ${[...missing].join(', no ')}, which the template needs: install the definitions, or correct what names them`,
  );
}

/** What was attached is let go first, then the binding is left as it would be without us. */
async function letGo(context: DependenciesContext, key: string, binding: Binding | undefined): Promise<Result> {
  const attached = attachedTo(context, key);
  for (const { spec } of attached) context.wakeObject(referenceTarget(spec.resource));
  // The last of them brings the binding back here.
  if (!binding || attached.length > 0) return done;
  const free = withoutNeeds(binding);
  if (free !== binding) await context.bindings('any').update(free);
  return done;
}
