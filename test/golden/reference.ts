/** The golden folders as snapshots: what a real control plane wrote, normalised as ours is. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '#harness/program.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import { type Snapshot, snapshotOf } from './snapshot.ts';

const shared = process.env.FLOTILLA_SHARED ?? join(root, '..', 'shared');
export const goldenFolder = join(shared, 'golden');
export const goldenPresent = existsSync(goldenFolder);

const plane = 'karmada';
/** Files by cluster and what they hold. */
const resources: Readonly<Record<string, readonly string[]>> = {
  [plane]: ['deployments', 'services', 'propagationpolicies', 'resourcebindings', 'works'],
  member1: ['deployments', 'services', 'pods'],
  member2: ['deployments', 'services', 'pods'],
};

/** Tables that are compared, by the file that holds them. */
export const comparedTables = [
  'karmada-clusters',
  'karmada-deployments',
  'karmada-services',
  'karmada-propagationpolicies',
  'karmada-resourcebindings',
  'karmada-works',
  'member1-deployments',
  'member1-services',
  'member1-pods',
  'member2-deployments',
  'member2-services',
  'member2-pods',
].flatMap((name) => [name, `${name}.wide`]);

export function referenceAt(step: string): Snapshot {
  const read = (name: string) => {
    const path = join(goldenFolder, step, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  };
  const items = (name: string) =>
    (JSON.parse(read(`${name}.json`) ?? '{"items":[]}') as { items: readonly JsonObject[] }).items;
  const objects = Object.fromEntries(
    Object.entries(resources).map(([cluster, names]) => [
      cluster,
      names.flatMap((name) => items(`${cluster}-${name}`)),
    ]),
  );
  const tables = Object.fromEntries(
    comparedTables.flatMap((name) => {
      const text = read(`${name}.txt`);
      return text === undefined ? [] : [[name, text]];
    }),
  );
  return snapshotOf({ objects, tables, events: items('events') });
}
