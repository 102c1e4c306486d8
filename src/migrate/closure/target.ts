/** What the clusters that are to get copies have already, and what they do not serve. */
import { gvkOf } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import type { Inventory, Source } from '../reading/inventory.ts';
import { keyOfNamed, type Named } from './named.ts';
import { readNamed } from './read.ts';

export interface Target {
  readonly cluster: string;
  readonly source: Source;
  readonly live: (named: Named) => UnstructuredObject | undefined;
  readonly serves: (kind: Pick<Named, 'apiVersion' | 'kind'>) => boolean;
}

const typeKey = ({ apiVersion, kind }: Pick<Named, 'apiVersion' | 'kind'>): string => `${apiVersion}/${kind}`;

/** Undefined where it cannot be reached or read: `unread` says why. */
export async function readTarget(
  cluster: string,
  open: (cluster: string) => Promise<Source>,
  names: readonly Named[],
  unread: Inventory['unread'][number][],
): Promise<Target | undefined> {
  try {
    const source = await open(cluster);
    const types = new Map(names.map((named) => [typeKey(named), gvkOf(named)]));
    const served = new Set<string>();
    for (const [key, gvk] of types) if (await source.mapper.find(gvk)) served.add(key);
    const refused: Inventory['unread'][number][] = [];
    const found = await readNamed(source, names, refused);
    unread.push(...refused.map(({ resource, why }) => ({ resource: `${resource} of ${cluster}`, why })));
    return {
      cluster,
      source,
      live: (named) => found.get(keyOfNamed(named)),
      serves: (kind) => served.has(typeKey(kind)),
    };
  } catch (error) {
    unread.push({ resource: `all of ${cluster}`, why: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}
