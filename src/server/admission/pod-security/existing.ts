/** What is told of the Pods a namespace has already when its level becomes stricter. Pure. */
import type { Pod } from '#apis/kubernetes/types.ts';
import { controllerOf } from '#kube/meta/owner.ts';
import { reasons, violations } from './evaluate.ts';
import { type LevelVersion, shownVersion } from './policy.ts';

/** As kube-apiserver: no more Pods are looked at; a Pod costs about 10 µs. */
const mostPods = 3_000;

/** Of what one controller has made, one Pod comes first. */
function byController(pods: readonly Pod[]): readonly Pod[] {
  const seen = new Set<string>();
  const first: Pod[] = [];
  const others: Pod[] = [];
  for (const pod of pods) {
    const uid = controllerOf(pod)?.uid;
    if (uid !== undefined && seen.has(uid)) others.push(pod);
    else first.push(pod);
    if (uid !== undefined) seen.add(uid);
  }
  return [...first, ...others];
}

export function namespaceWarnings(namespace: string, enforce: LevelVersion, pods: readonly Pod[]): readonly string[] {
  const looked = byController(pods).slice(0, mostPods);
  const found = new Map<string, { readonly name: string; readonly count: number }>();
  for (const { metadata, spec } of looked) {
    const why = reasons(violations(enforce, spec, metadata.annotations));
    if (why === '') continue;
    const { name, count } = found.get(why) ?? { name: metadata.name!, count: 0 };
    found.set(why, { name: metadata.name! < name ? metadata.name! : name, count: count + 1 });
  }
  const texts = [...found].map(([why, { name, count }]) => `${name}${others(count - 1)}: ${why}`).sort();
  const level = JSON.stringify(shownVersion(enforce));
  return [
    ...(looked.length < pods.length
      ? [
          `new PodSecurity enforce level only checked against the first ${looked.length} of ${pods.length} existing pods`,
        ]
      : []),
    ...(texts.length > 0
      ? [`existing pods in namespace ${JSON.stringify(namespace)} violate the new PodSecurity enforce level ${level}`]
      : []),
    ...texts,
  ];
}

const others = (count: number): string => {
  if (count === 0) return '';
  return count === 1 ? ' (and 1 other pod)' : ` (and ${count} other pods)`;
};
