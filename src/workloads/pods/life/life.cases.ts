/** Stage sets as they are shipped, and Pods driven through them without a server. */
import { readFileSync } from 'node:fs';
import type { Pod } from '#apis/kubernetes/types.ts';
import { containerId, imageId } from './identity.ts';
import { nextOf, stageOf } from './plan.ts';
import { readStages } from './read-stages.ts';
import type { StageSet } from './stages.ts';
import { statusAfter } from './status.ts';

export const shippedStages = (name: string): StageSet =>
  readStages(name, readFileSync(new URL(`../../../../data/stages/${name}.yaml`, import.meta.url), 'utf8'));

export const behaviour = (value: string) => ({ 'simulation.flotilla.io/behaviour': value });

export const podOn = (node: string, spec: Partial<Pod['spec']> = {}, metadata: Partial<Pod['metadata']> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'default', uid: 'u1', ...metadata },
  spec: { nodeName: node, restartPolicy: 'Always', containers: [{ name: 'web', image: 'nginx:1' }], ...spec },
  status: { phase: 'Pending', qosClass: 'BestEffort' },
});

export const factsAt = (pod: Pod, seconds: number) => ({
  pod,
  now: `2026-01-01T00:00:${String(seconds).padStart(2, '0')}Z`,
  hostIP: '10.200.1.1',
  podIP: '10.31.0.1',
  containerId,
  imageId,
});

/** One stage further: its name and the Pod after it. `removed` when it is gone; undefined when none matches. */
export function step(set: StageSet, pod: Pod, seconds = 0): { readonly stage: string; readonly pod?: Pod } | undefined {
  const stage = stageOf(set.pods, pod);
  if (!stage) return undefined;
  const next = nextOf(stage, pod);
  if (next.delete) return { stage: stage.name };
  return { stage: stage.name, pod: { ...pod, status: statusAfter(factsAt(pod, seconds), next) } };
}

/** The names of the stages a Pod goes through until none matches, at most `most`. */
export function drive(set: StageSet, from: Pod, most = 20): { readonly stages: readonly string[]; readonly pod: Pod } {
  const stages: string[] = [];
  let pod = from;
  for (let i = 0; i < most; i++) {
    const next = step(set, pod, i);
    if (!next) return { stages, pod };
    stages.push(next.stage);
    if (!next.pod) return { stages, pod };
    pod = next.pod;
  }
  return { stages, pod };
}
