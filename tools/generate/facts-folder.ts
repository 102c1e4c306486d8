/** Finds the kept answers of a kube-apiserver: in FLOTILLA_SHARED, else beside the checkout. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The newest `data/kubernetes-v*`; undefined where there is none. */
export function factsFolder(root: string): string | undefined {
  const data = join(process.env.FLOTILLA_SHARED ?? join(root, '..', 'shared'), 'data');
  if (!existsSync(data)) return undefined;
  const newest = readdirSync(data)
    .filter((name) => name.startsWith('kubernetes-v'))
    .sort((left, right) => left.localeCompare(right, 'en', { numeric: true }))
    .at(-1);
  return newest === undefined ? undefined : join(data, newest);
}
