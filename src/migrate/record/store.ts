/** Records of migrations are read, listed, and changed by compare-and-swap. */

import { ConfigMaps, Namespaces } from '#apis/kubernetes/types.ts';
import { systemNamespace } from '#apis/names/objects.ts';
import type { ApiClient, TypedResource } from '#client/api-client.ts';
import { listAll } from '#client/list-all.ts';
import { isReason } from '#kube/status/status.ts';
import { planLabel } from '../policies.ts';
import { type MigrationRecord, type RecordObject, recordIn, recordName, recordObject } from './record.ts';

const records = (control: ApiClient) => control.resource(ConfigMaps as TypedResource<RecordObject>);

/** Under which a migration writes to the control plane. */
export const fieldManager = 'flotilla-migrate';
const manager = { fieldManager };

/** Another writer may come in between; more often than this nobody does. */
const mostAttempts = 20;

async function find(control: ApiClient, plan: string): Promise<RecordObject | undefined> {
  try {
    return await records(control).get(recordName(plan));
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

export async function readRecord(control: ApiClient, plan: string): Promise<MigrationRecord | undefined> {
  const found = await find(control, plan);
  return found && recordIn(found);
}

/** All, by name of their plans. `broken`: names of ConfigMaps that are no records any more. */
export async function listRecords(
  control: ApiClient,
): Promise<{ readonly records: readonly MigrationRecord[]; readonly broken: readonly string[] }> {
  const place = { namespace: systemNamespace, labelSelector: planLabel };
  const items = await listAll<RecordObject>(control, ConfigMaps as TypedResource<RecordObject>, place);
  const broken: string[] = [];
  const found = items.flatMap((each) => {
    try {
      return recordIn(each) ?? [];
    } catch {
      broken.push(each.metadata.name!);
      return [];
    }
  });
  return { records: found.sort((left, right) => (left.plan < right.plan ? -1 : 1)), broken };
}

/**
 * Reads, asks `change` for the next record and writes it unless it is the same; again where somebody else wrote in
 * between. `change` is told undefined where there is no record and answers undefined where none is to be made; it may
 * be asked several times, and what it throws ends it.
 */
export async function changeRecord(
  control: ApiClient,
  plan: string,
  change: (record: MigrationRecord | undefined) => MigrationRecord | undefined,
): Promise<MigrationRecord | undefined> {
  for (let attempt = 1; ; attempt++) {
    const found = await find(control, plan);
    const before = found && recordIn(found);
    const after = change(before);
    if (after === undefined || after === before) return before;
    try {
      if (found) await records(control).update({ ...found, ...recordObject(after), metadata: found.metadata }, manager);
      else await create(control, after);
      return after;
    } catch (error) {
      const raced = isReason(error, 'Conflict') || isReason(error, 'AlreadyExists') || isReason(error, 'NotFound');
      if (!raced || attempt === mostAttempts) throw error;
    }
  }
}

async function create(control: ApiClient, record: MigrationRecord): Promise<void> {
  try {
    await records(control).create(recordObject(record), manager);
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
    await control
      .resource(Namespaces)
      .create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: systemNamespace }, spec: {} }, manager);
    await records(control).create(recordObject(record), manager);
  }
}
