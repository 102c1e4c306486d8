/** Step 5: collects what a member's objects say of themselves into the status of their Work. */
import { reasons } from '#apis/events/reasons.ts';
import { managed, managedValue } from '#apis/names/labels.ts';
import { clusterOfExecutionNamespace } from '#apis/names/objects.ts';
import type { Work } from '#apis/work/work.ts';
import type { CachedResource } from '#client/cached.ts';
import type { Member, Members } from '#client/members.ts';
import type { TemplateReader } from '#client/template-reader.ts';
import type { Health, Interpreter } from '#interpreter/interpreter.ts';
import { isConditionTrue } from '#kube/conditions/conditions.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { done, type Result } from '#runtime/reconciler.ts';
import { type Observation, withObservations } from './plan.ts';

export interface ObserveContext {
  readonly works: CachedResource<Work>;
  readonly members: Members;
  readonly templatesIn: (member: Member) => TemplateReader;
  readonly interpreter: Interpreter;
  readonly events: EventRecorder;
}

/** Collecting goes on while dispatching is suspended: what runs, runs. */
export async function reconcileWorkStatus(context: ObserveContext, key: string): Promise<Result> {
  const { works, members, events } = context;
  const work = works.get(key);
  if (!work || work.metadata.deletionTimestamp || !isConditionTrue(work.status?.conditions, 'Applied')) return done;
  const member = members.get(clusterOfExecutionNamespace(work.metadata.namespace!) ?? '');
  // A member that comes back brings its Works here again.
  if (!member) return done;
  const templates = context.templatesIn(member);
  const observations: Observation[] = [];
  for (const [ordinal, each] of (work.spec.workload?.manifests ?? []).entries()) {
    const manifest = each as unknown as KubeObject;
    const observation = await observe(context, templates, manifest, ordinal);
    if (observation) observations.push(observation);
  }
  // An object that is not there yet, or no longer, keeps the last word it had: the executor is at it.
  if (observations.length === 0) return done;
  const current = works.get(key) ?? work;
  const updated = withObservations(current, observations);
  if (updated === current) return done;
  await works.updateStatus(updated);
  for (const { manifest, health } of observations) {
    const subject = `${manifest.kind}/${manifest.metadata.namespace ?? ''}/${manifest.metadata.name}`;
    events.event(work, 'Normal', reasons.reflectStatusSucceed, `Reflect status for object(${subject}) succeed.`);
    events.event(
      work,
      'Normal',
      reasons.interpretHealthSucceed,
      `Interpret health of object(${subject}) as ${health.toLowerCase()}.`,
    );
  }
  return done;
}

async function observe(
  { interpreter }: ObserveContext,
  templates: TemplateReader,
  manifest: KubeObject,
  ordinal: number,
): Promise<Observation | undefined> {
  const source = await templates.of(manifest);
  const { namespace, name } = manifest.metadata;
  const live = source?.get({ namespace, name: name! }) as UnstructuredObject | undefined;
  if (!live || live.metadata.labels?.[managed] !== managedValue) return undefined;
  const status = await interpreter.reflectStatus(live);
  return { manifest, ordinal, status, health: await healthOf(interpreter, live) };
}

/** An interpreter that fails says nothing of the workload. */
async function healthOf(interpreter: Interpreter, live: UnstructuredObject): Promise<Health> {
  try {
    return await interpreter.interpretHealth(live);
  } catch {
    return 'Unknown';
  }
}
