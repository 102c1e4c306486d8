/** Has a binding leave clusters, and tells of it where that does not work; that it is done is told when the copy goes. */
import { reasons } from '#apis/events/reasons.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { BindingSpec } from '#apis/work/binding-spec.ts';
import type { CachedResource } from '#client/cached.ts';
import type { TemplateReader } from '#client/template-reader.ts';
import { isReason } from '#kube/status/status.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { type Departure, leave } from './departure.ts';

export interface EvictContext {
  readonly bindings: CachedResource<Binding>;
  readonly templates: TemplateReader;
  readonly events: EventRecorder;
}

/**
 * `departureFrom` throws for a cluster that cannot be left yet: the others are left all the same, then the first of
 * these errors is thrown.
 */
export async function evict(
  context: EvictContext,
  binding: Binding,
  clusters: readonly string[],
  departureFrom: (cluster: string) => Departure,
): Promise<void> {
  const failures: unknown[] = [];
  const left: string[] = [];
  let spec: BindingSpec = binding.spec;
  for (const cluster of clusters) {
    try {
      spec = leave(spec, cluster, departureFrom(cluster));
      left.push(cluster);
    } catch (error) {
      failures.push(error);
    }
  }
  if (spec !== binding.spec) await write(context, binding, spec, left);
  if (failures.length > 0) throw failures[0];
}

async function write(
  { bindings, templates, events }: EvictContext,
  binding: Binding,
  spec: BindingSpec,
  left: readonly string[],
): Promise<void> {
  try {
    await bindings.update({ ...binding, spec } as Binding);
  } catch (error) {
    // Looked at again at once, it works or is needed no more.
    if (isReason(error, 'Conflict')) throw error;
    const template = (await templates.find(binding.spec.resource))?.get(binding.spec.resource);
    for (const cluster of left) {
      for (const object of template ? [binding, template] : [binding])
        events.event(object, 'Warning', reasons.evictWorkloadFailed, `Evict from cluster ${cluster} failed.`);
    }
    throw error;
  }
}
