/** The bound on how many Update entries an object keeps. */

import { union } from '#kube/fields/algebra.ts';
import { compareText } from '#kube/fields/order.ts';
import { type Manager, type Managers, managerId } from './managers.ts';

/** As kube-apiserver: an object that fifty clients patch keeps the ten last and one entry for all before. */
const MAX_UPDATERS = 10;
const ANCIENT = 'ancient-changes';

/** Joins the oldest Update entries of a version into one of `ancient-changes` until at most ten are left. */
export function capUpdaters(managers: Map<string, Manager>): Managers {
  const updaters = [...managers].filter(([, { entry }]) => entry.operation === 'Update');
  if (updaters.length <= MAX_UPDATERS) return managers;
  updaters.sort(([idA, a], [idB, b]) => compareText(a.entry.time ?? '', b.entry.time ?? '') || compareText(idA, idB));
  let count = updaters.length;
  const firstOfVersion = new Map<string, string>();
  for (const [id, { entry, fields }] of updaters) {
    if (count <= MAX_UPDATERS) break;
    const apiVersion = entry.apiVersion ?? '';
    const first = firstOfVersion.get(apiVersion);
    if (first === undefined) {
      firstOfVersion.set(apiVersion, id);
      continue;
    }
    const bucketEntry = { manager: ANCIENT, operation: 'Update', apiVersion } as const;
    const bucketId = managerId(bucketEntry);
    const bucket = managers.get(bucketId) ?? managers.get(first)!;
    if (!managers.has(bucketId)) managers.delete(first);
    managers.delete(id);
    const time = entry.time ? { time: entry.time } : {};
    managers.set(bucketId, { entry: { ...bucketEntry, ...time }, fields: union(fields, bucket.fields) });
    count--;
  }
  return managers;
}
