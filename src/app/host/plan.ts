/** Which Pod of a component runs it. Pure. */
import type { Pod } from '#apis/kubernetes/types.ts';
import { processOf } from './process.ts';

/** Asked before each admission. Pods are immutable values, so what was found holds for as long as there is the value. */
const found = new WeakMap<Pod, boolean>();

/** Its program runs: started by the kubelet, not asked to stop, and with flags it understands. */
export function isRunning(pod: Pod): boolean {
  let running = found.get(pod);
  if (running === undefined) {
    running = runs(pod);
    found.set(pod, running);
  }
  return running;
}

function runs(pod: Pod): boolean {
  const { metadata, spec, status } = pod;
  if (metadata.deletionTimestamp !== undefined || status?.phase !== 'Running') return false;
  const running = status.containerStatuses?.some(({ state }) => state?.running !== undefined) ?? false;
  return running && processOf({ metadata, spec })?.failure === undefined;
}

/** Who is to hold the seat: who holds it, while it runs; else the one that has been there longest. */
export function holderAmong(pods: readonly Pod[], holder: string | undefined): Pod | undefined {
  const running = pods.filter(isRunning);
  return running.find(({ metadata }) => metadata.uid === holder) ?? running.sort(byAge)[0];
}

function byAge({ metadata: a }: Pod, { metadata: b }: Pod): number {
  const [left, right] = [`${a.creationTimestamp} ${a.name}`, `${b.creationTimestamp} ${b.name}`];
  return left < right ? -1 : 1;
}
