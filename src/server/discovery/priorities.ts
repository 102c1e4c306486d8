/**
 * In which order groups and versions are listed: clients take the first match of a short name, so the order decides.
 * The numbers are those of the APIServices kube-apiserver registers for itself.
 */
import { compareVersions } from '../registry/kinds/versions.ts';

/** Higher comes first. */
export interface Priority {
  /** groupPriorityMinimum; a group has the highest of its versions. */
  readonly group: number;
  /** versionPriority. */
  readonly version: number;
}

/** By group: its own, and that of its version `v1`; others are less preferred by their stage. */
const builtin: Readonly<Record<string, readonly [group: number, version: number]>> = {
  '': [18_000, 1],
  'admissionregistration.k8s.io': [16_700, 15],
  'apiextensions.k8s.io': [16_700, 15],
  // Above all that an APIService can ask for.
  'apiregistration.k8s.io': [20_001, 15],
  apps: [17_800, 15],
  'authentication.k8s.io': [17_700, 15],
  'authorization.k8s.io': [17_600, 15],
  autoscaling: [17_500, 15],
  batch: [17_400, 15],
  'certificates.k8s.io': [17_300, 15],
  'coordination.k8s.io': [16_500, 15],
  'discovery.k8s.io': [16_200, 15],
  'events.k8s.io': [17_750, 15],
  'flowcontrol.apiserver.k8s.io': [16_100, 21],
  'networking.k8s.io': [17_200, 15],
  'node.k8s.io': [16_300, 15],
  policy: [17_100, 15],
  'rbac.authorization.k8s.io': [17_000, 15],
  'resource.k8s.io': [16_200, 21],
  'scheduling.k8s.io': [16_600, 15],
  'storage.k8s.io': [16_800, 15],
};

/** Of custom resources, whose versions are told apart by their names. */
const custom: Priority = { group: 1_000, version: 100 };

/** Of the only built-in group with two versions. */
const autoscalingV2 = 30;

/** Where no APIService says otherwise. */
export function defaultPriority(group: string, version: string): Priority {
  const known = builtin[group];
  if (!known) return custom;
  return { group: known[0], version: group === 'autoscaling' && version === 'v2' ? autoscalingV2 : known[1] };
}

export interface Ranked {
  readonly version: string;
  readonly priority: Priority;
}

export const compareRanked = (left: Ranked, right: Ranked): number =>
  right.priority.version - left.priority.version || compareVersions(left.version, right.version);

export function compareGroups(
  left: { readonly group: string; readonly versions: readonly Ranked[] },
  right: { readonly group: string; readonly versions: readonly Ranked[] },
): number {
  const highest = ({ versions }: typeof left) => Math.max(...versions.map(({ priority }) => priority.group));
  return highest(right) - highest(left) || (left.group < right.group ? -1 : left.group > right.group ? 1 : 0);
}
