/**
 * Whether an edited template has come to its clusters. Of an object that is under management already its binding says
 * how the write before went, until the next one is done: the clusters themselves are asked, by a dry run of that write.
 */
import type { Binding } from '#apis/work/binding.ts';
import { gvkOf } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import type { Clock } from '#world/clock/clock.ts';
import { changesIn } from '../changes/changes.ts';
import { isOurs } from '../changes/told.ts';
import { readOverrides } from '../control/control-plane.ts';
import type { OverrideRules } from '../control/overrides.ts';
import type { PlannedObject } from '../model.ts';
import { foresee } from '../plan/decide.ts';
import type { Source } from '../reading/inventory.ts';
import { readLive } from '../reading/live.ts';
import type { CheckOptions } from './check.ts';
import { limited } from './words.ts';
import { isBusy } from './write.ts';

/** What it waits for; undefined once every cluster of its binding has it. */
export type Arrival = (
  object: PlannedObject,
  template: UnstructuredObject,
  binding: Binding,
) => Promise<string | undefined>;

/** Where a policy divides them, or an autoscaler counts them, they are not the template's. */
const replicas = '.spec.replicas';

/** Override policies are read again after so long: one that changes meanwhile changes what is waited for. */
const rulesLastMs = 5_000;

/** A server that is busy, or away for a moment, is asked again at the next look. */
export function arrival(options: CheckOptions, clock: Clock): Arrival {
  const look = looker(options, clock);
  return async (...asked) => {
    try {
      return await look(...asked);
    } catch (error) {
      if (!isBusy(error)) throw error;
      return `nobody can tell yet whether it has arrived: ${(error as Error).message}`;
    }
  };
}

function looker({ from, others, control, interpreter }: CheckOptions, clock: Clock): Arrival {
  let known: { readonly rules: OverrideRules; readonly at: number } | undefined;
  const sources = new Map<string, Source>([from, ...others].map((each) => [each.cluster, each]));
  return async (object, template, binding) => {
    if (!known || clock.monotonic() - known.at >= rulesLastMs)
      known = { rules: await readOverrides(control.client), at: clock.monotonic() };
    const rulesFor = known.rules;
    for (const { name: cluster } of binding.spec.clusters ?? []) {
      const source = sources.get(cluster);
      if (!source) continue;
      const [live] = (await readLive(source, [object])).values();
      if (!live) return `${cluster} does not have it yet`;
      const { client, mapper } = source;
      const kind = from.kindOf(gvkOf(live));
      const resource = await mapper.forKind(gvkOf(live));
      const rules = rulesFor(template, cluster);
      const { verdict, answer } = await foresee({
        cluster,
        client,
        resource,
        live,
        template,
        kind,
        interpreter,
        rules,
      });
      if (verdict.is === 'blocked') return verdict.reason;
      const paths = (answer ? changesIn({ live, answer, kind }) : [])
        .map(({ path }) => path)
        .filter((path) => path !== replicas && !isOurs(path));
      if (paths.length > 0) return `${cluster} does not have the edited ${limited(paths)} yet`;
    }
    return undefined;
  };
}
