/** The Pod a DaemonSet runs on one node. Pure but for the random end of its name. */

import { namedNodes } from '#apis/kubernetes/fit/node-affinity.ts';
import type { DaemonSet, NodeSelectorTerm, Pod, PodSpec, Toleration } from '#apis/kubernetes/types.ts';
import type { Random } from '#world/random/random.ts';
import { revisionLabel } from '../../history.ts';
import { podFrom } from '../../pod-control.ts';

const generationAnnotation = 'deprecated.daemonset.template.generation';
const generationLabel = 'pod-template-generation';

/** What goes wrong on a node does not drive its daemons away. */
const always: readonly Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
];
const withHostNetwork: Toleration = {
  key: 'node.kubernetes.io/network-unavailable',
  operator: 'Exists',
  effect: 'NoSchedule',
};

const same = (left: Toleration, right: Toleration): boolean =>
  left.key === right.key &&
  left.effect === right.effect &&
  left.operator === right.operator &&
  left.value === right.value;

/** The template's and the daemons' own. */
export function tolerationsOf({ tolerations = [], hostNetwork }: PodSpec): readonly Toleration[] {
  const own = hostNetwork ? [...always, withHostNetwork] : always;
  return [...tolerations.filter((each) => !own.some((other) => same(each, other))), ...own];
}

/** The scheduler decides, and has only this node to choose from. */
function pinned(spec: PodSpec, node: string): PodSpec {
  const only = { matchFields: [{ key: 'metadata.name', operator: 'In' as const, values: [node] }] };
  const { affinity } = spec;
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const terms: readonly NodeSelectorTerm[] = required?.nodeSelectorTerms.map((term) => ({ ...term, ...only })) ?? [
    only,
  ];
  return {
    ...spec,
    tolerations: tolerationsOf(spec),
    affinity: {
      ...affinity,
      nodeAffinity: {
        ...affinity?.nodeAffinity,
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms },
      },
    },
  };
}

/** `hash` names the revision of the template. */
export function daemonPod(set: DaemonSet, node: string, hash: string, random: Random): Pod {
  const pod = podFrom(set.spec.template, set, random);
  const generation = set.metadata.annotations?.[generationAnnotation];
  const labels = {
    ...pod.metadata.labels,
    [revisionLabel]: hash,
    ...(generation ? { [generationLabel]: generation } : {}),
  };
  return { ...pod, metadata: { ...pod.metadata, labels }, spec: pinned(pod.spec, node) };
}

/** Where it runs or is meant to run. */
export const nodeOf = ({ spec }: Pod): string | undefined => spec.nodeName ?? namedNodes(spec)?.[0];
