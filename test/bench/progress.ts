/** How far templates have come: the phases of each, with their times, read from watches on the control plane. */
import { type Deployment, Deployments } from '#apis/kubernetes/types.ts';
import { type ResourceBinding, ResourceBindingKind } from '#apis/work/resource-binding.ts';
import type { ApiClient } from '#client/api-client.ts';
import { checklist, follow, within } from './follow.ts';

export const phases = ['template', 'claimed', 'binding', 'scheduled', 'applied', 'status'] as const;
export type Phase = (typeof phases)[number];

const claimLabel = 'propagationpolicy.karmada.io/permanent-id';

export interface Goal {
  readonly count: number;
  /** Clusters each template must be applied to. */
  readonly clusters: number;
  /** Replicas that must be ready in all of them; undefined where members run no Pods. */
  readonly ready: number | undefined;
}

export interface Tracking {
  /** Resolves when every template has come as far as the goal. */
  readonly finished: (timeoutMs: number) => Promise<void>;
  /** Milliseconds (performance.now) when each template first was in the phase, ascending. */
  readonly times: (phase: Phase) => readonly number[];
  readonly stop: () => void;
}

function isApplied({ spec, status }: ResourceBinding, { clusters }: Goal): boolean {
  const full = status?.conditions?.some(({ type, status: is }) => type === 'FullyApplied' && is === 'True');
  const items = status?.aggregatedStatus ?? [];
  return full === true && spec.clusters?.length === clusters && items.length === clusters;
}

function isReported({ metadata, status }: Deployment, { ready }: Goal): boolean {
  if (ready === undefined) return true;
  return status?.observedGeneration === metadata.generation && status?.readyReplicas === ready;
}

/** Follows what comes from now on; begin before the change that is measured. */
export async function track(client: ApiClient, goal: Goal): Promise<Tracking> {
  const seen = Object.fromEntries(phases.map((phase) => [phase, new Map<string, number>()])) as Record<
    Phase,
    Map<string, number>
  >;
  const reached = (phase: Phase, name: string) => {
    if (!seen[phase].has(name)) seen[phase].set(name, performance.now());
  };
  const applied = checklist(goal.count);
  const reported = checklist(goal.count);
  const templates = await follow(client, Deployments, ({ type, object }) => {
    const name = object.metadata.name!;
    if (type === 'DELETED') return;
    reached('template', name);
    if (object.metadata.labels?.[claimLabel]) reached('claimed', name);
    if (!isReported(object, goal)) return;
    if (goal.ready !== undefined) reached('status', name);
    reported.tick(name);
  });
  const bindings = await follow<ResourceBinding>(client, ResourceBindingKind, ({ type, object }) => {
    const name = object.metadata.name!;
    if (type === 'DELETED') return;
    reached('binding', name);
    if (object.spec.clusters?.length) reached('scheduled', name);
    if (!isApplied(object, goal)) return;
    reached('applied', name);
    applied.tick(name);
  });
  const missing = () => `${applied.size()} of ${goal.count} applied, ${reported.size()} reported`;
  return {
    finished: async (timeoutMs) => {
      const all = Promise.all([applied.done, reported.done]);
      await within<unknown>(timeoutMs, missing, all, templates.failed, bindings.failed);
    },
    times: (phase) => [...seen[phase].values()].sort((a, b) => a - b),
    stop: () => {
      templates.stop();
      bindings.stop();
    },
  };
}

/** When the first, the middle and the last template was in each phase, in seconds after `start`. */
export function timelineOf(tracking: Tracking, start: number): string {
  const at = (time: number | undefined) => (time === undefined ? '-' : ((time - start) / 1000).toFixed(2));
  return phases
    .map((phase) => ({ phase, times: tracking.times(phase) }))
    .filter(({ times }) => times.length > 0)
    .map(({ phase, times }) => `${phase} ${at(times[0])}/${at(times[times.length >> 1])}/${at(times.at(-1))}`)
    .join('  ');
}
