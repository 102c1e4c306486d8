/** What a Pod's kubelet does next: which stage drives it on, and after how long. Pure. */
import type { Pod } from '#apis/kubernetes/types.ts';
import type { Delay, PodNext, PodStage, StageEvent } from './stages.ts';

/** The first stage that matches. */
export const stageOf = (stages: readonly PodStage[], pod: Pod): PodStage | undefined =>
  stages.find(({ when }) => when.every((match) => match.matches(pod)));

export const nextOf = ({ next }: PodStage, pod: Pod): PodNext => (typeof next === 'function' ? next(pod) : next);

/** Whole milliseconds; `chance` is from 0 to 1. */
export function delayOf(delay: Delay, pod: Pod, chance: number): number {
  const { milliseconds, jitterMilliseconds, doublesWithRestarts, mostMilliseconds } = delay;
  const wait = Math.round(milliseconds + chance * jitterMilliseconds);
  if (!doublesWithRestarts) return wait;
  const restarts = Math.max(0, ...(pod.status?.containerStatuses ?? []).map(({ restartCount }) => restartCount));
  return Math.min(wait * 2 ** Math.min(restarts, 30), mostMilliseconds);
}

/** An event that names a container or its image is one for each container. */
export function messagesOf({ message }: StageEvent, { spec }: Pod): readonly string[] {
  if (!/\{(image|container)\}/.test(message)) return [message];
  return spec.containers.map(({ name, image = '' }) => message.replace('{container}', name).replace('{image}', image));
}
