/** What a terminating namespace says of its end: Kubernetes' five conditions, in its words. Pure. */
import type { NamespaceCondition } from '#apis/kubernetes/types.ts';
import { setCondition } from '#kube/conditions/conditions.ts';
import type { Condition } from '#kube/meta/object.ts';

/** What one attempt to empty a namespace has found. */
export interface Emptying {
  /** Group versions that discovery did not answer for. */
  readonly undiscovered: readonly string[];
  /** Why deleting failed, by resource. */
  readonly failures: readonly string[];
  /** How many objects are left, by `resource.group`. */
  readonly remaining: ReadonlyMap<string, number>;
  /** How many of those each finalizer holds. */
  readonly finalizers: ReadonlyMap<string, number>;
}

export const isEmpty = ({ undiscovered, failures, remaining }: Emptying): boolean =>
  undiscovered.length === 0 && failures.length === 0 && remaining.size === 0;

type News = Omit<Condition, 'lastTransitionTime'>;

const good = (type: string, reason: string, message: string): News => ({ type, status: 'False', reason, message });
const bad = (type: string, reason: string, message: string): News => ({ type, status: 'True', reason, message });

const listed = (counts: ReadonlyMap<string, number>, text: (name: string, count: number) => string): string =>
  [...counts]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, count]) => text(name, count))
    .join(', ');

function news({ undiscovered, failures, remaining, finalizers }: Emptying): readonly News[] {
  const discovery = 'NamespaceDeletionDiscoveryFailure';
  const parsing = 'NamespaceDeletionGroupVersionParsingFailure';
  const deletion = 'NamespaceDeletionContentFailure';
  const content = 'NamespaceContentRemaining';
  const held = 'NamespaceFinalizersRemaining';
  return [
    undiscovered.length === 0
      ? good(discovery, 'ResourcesDiscovered', 'All resources successfully discovered')
      : bad(
          discovery,
          'DiscoveryFailed',
          `Discovery failed for some groups, ${undiscovered.length} failing: unable to retrieve the complete list of server APIs: ${undiscovered.join(', ')}`,
        ),
    good(parsing, 'ParsedGroupVersions', 'All legacy kube types successfully parsed'),
    failures.length === 0
      ? good(deletion, 'ContentDeleted', 'All content successfully deleted, may be waiting on finalization')
      : bad(
          deletion,
          'ContentDeletionFailed',
          `Failed to delete all resource types, ${failures.length} remaining: ${failures.join(', ')}`,
        ),
    remaining.size === 0
      ? good(content, 'ContentRemoved', 'All content successfully removed')
      : bad(
          content,
          'SomeResourcesRemain',
          `Some resources are remaining: ${listed(remaining, (name, count) => `${name} has ${count} resource instances`)}`,
        ),
    finalizers.size === 0
      ? good(held, 'ContentHasNoFinalizers', 'All content-preserving finalizers finished')
      : bad(
          held,
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${listed(finalizers, (name, count) => `${name} in ${count} resource instances`)}`,
        ),
  ];
}

/** `now` is RFC 3339. The same list when nothing is news. */
export function withEmptying(
  conditions: readonly NamespaceCondition[],
  emptying: Emptying,
  now: string,
): readonly NamespaceCondition[] {
  return news(emptying).reduce<readonly Condition[]>(
    (list, condition) => setCondition(list, condition, now),
    conditions as readonly Condition[],
  );
}
