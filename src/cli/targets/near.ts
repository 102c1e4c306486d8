/** What somebody who mistyped a kind or a name may have meant. */
import type { ApiClient } from '#client/api-client.ts';
import type { DiscoveredResource } from '#client/mapper/mapper.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { distance } from '#kube/names/distance.ts';
import { StatusError } from '#kube/status/status.ts';

/** More letters than that are another word. */
const mostLetters = 2;
/** Objects looked through for a name, and answers given. */
const mostLookedAt = 2_000;
const mostTold = 5;

/** The nearest first. */
function near<T>(word: string, all: readonly T[], nameOf: (each: T) => string): readonly T[] {
  return all
    .map((each) => ({ each, letters: distance(word, nameOf(each)) }))
    .filter(({ letters }) => letters <= mostLetters)
    .sort((a, b) => a.letters - b.letters)
    .slice(0, mostTold)
    .map(({ each }) => each);
}

/** Singular names of kinds that are served. */
export function nearKinds(word: string, resources: readonly DiscoveredResource[]): readonly string[] {
  const names = resources.flatMap(({ singular, kind, resource }) => {
    const shown = singular || kind.toLowerCase();
    return [shown, resource].map((name) => ({ name, shown }));
  });
  return [...new Set(near(word.toLowerCase(), names, ({ name }) => name).map(({ shown }) => shown))];
}

/** Objects of that name in other namespaces, and of names like it, wherever they are; none where they may not be listed. */
export async function nearObjects(
  client: ApiClient,
  resource: DiscoveredResource,
  name: string,
): Promise<readonly KubeObject[]> {
  try {
    const { items } = await client.resource(resource).list({ limit: mostLookedAt });
    return near(name, items, ({ metadata }) => metadata.name!);
  } catch (error) {
    if (error instanceof StatusError) return [];
    throw error;
  }
}
