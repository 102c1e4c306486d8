/** What the checks of the Pod Security Standards have in common: whom they look at, and how they say what is wrong. */
import type { Container, Pod } from '#apis/kubernetes/types.ts';

export interface Violation {
  readonly reason: string;
  readonly detail: string;
}

export type CheckPod = (spec: Pod['spec'], annotations: Readonly<Record<string, string>>) => Violation | undefined;

export const none: CheckPod = () => undefined;

/** Init containers first, ephemeral ones last. */
export const containersOf = (spec: Pod['spec']): readonly Container[] => [
  ...(spec.initContainers ?? []),
  ...spec.containers,
  ...((spec.ephemeralContainers ?? []) as readonly Container[]),
];

export const quoted = (items: readonly string[]): string => items.map((item) => `"${item}"`).join(', ');
export const plural = (word: string, count: number): string => (count === 1 ? word : `${word}s`);
export const sorted = (items: Iterable<string>): readonly string[] => [...new Set(items)].sort();

/** `container "a"`, `containers "a", "b"`. */
export const named = (names: readonly string[], word = 'container'): string =>
  `${plural(word, names.length)} ${quoted(names)}`;

/** `pod and containers "a", "b"`: who has set something. */
export const setters = (pod: boolean, names: readonly string[]): string =>
  [...(pod ? ['pod'] : []), ...(names.length > 0 ? [named(names)] : [])].join(' and ');

/** The containers of which `values` finds something, and all that was found. */
export function found(
  spec: Pod['spec'],
  values: (container: Container) => readonly string[],
): { readonly names: readonly string[]; readonly values: readonly string[] } {
  const names: string[] = [];
  const all: string[] = [];
  for (const container of containersOf(spec)) {
    const own = values(container);
    if (own.length > 0) names.push(container.name);
    all.push(...own);
  }
  return { names, values: sorted(all) };
}

/** Containers that are true to `is`. */
export const namesWhere = (spec: Pod['spec'], is: (container: Container) => boolean): readonly string[] =>
  containersOf(spec)
    .filter(is)
    .map(({ name }) => name);

export const unlessWindows =
  (check: CheckPod): CheckPod =>
  (spec, annotations) =>
    spec.os?.name === 'windows' ? undefined : check(spec, annotations);

/** A Pod with users of its own may do what would be harmful to the node's. */
export const unlessOwnUsers =
  (check: CheckPod): CheckPod =>
  (spec, annotations) =>
    spec.hostUsers === false ? undefined : check(spec, annotations);
