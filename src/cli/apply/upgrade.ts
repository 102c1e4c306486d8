/**
 * From client-side to server-side apply, as kubectl does it: what client-side apply owned becomes the applier's, so
 * that a field that leaves the manifest leaves the object; the annotation is kept for whoever goes back.
 */
import { lastApplied } from '#apis/names/annotations.ts';
import type { ApplyOptions, ResourceClient } from '#client/api-client.ts';
import { difference, fieldSet, fromFieldsV1, has, toFieldsV1, union } from '#kube/fields/fieldset.ts';
import type { JsonValue, KubeObject, ManagedFieldsEntry } from '#kube/meta/object.ts';

export const serverSideManager = 'kubectl';
export const clientSideManager = 'kubectl-client-side-apply';
const annotationManager = 'kubectl-last-applied';

const annotationPath = ['metadata', 'annotations', lastApplied];
const annotationFields = fieldSet(annotationPath);

/** The object after the change; the same when there was nothing to do. `applied` is the answer to a server-side apply. */
export async function upgradeFromClientSide(
  api: ResourceClient<KubeObject>,
  applied: KubeObject,
  options: ApplyOptions,
): Promise<KubeObject> {
  const kept = await keepAnnotation(api, applied, options);
  const { name = '', namespace, managedFields = [], resourceVersion = '' } = kept.metadata;
  const upgraded = upgradedEntries(managedFields);
  if (upgraded === managedFields) return kept;
  const patch: JsonValue = [
    { op: 'replace', path: '/metadata/managedFields', value: upgraded as unknown as JsonValue },
    // Somebody else's write in between is a conflict, and the entries are looked at anew at the next apply.
    { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
  ];
  return api.patch({ ...(namespace ? { namespace } : {}), name }, 'json', patch, options);
}

/** Gives the annotation an owner of its own: without one, taking fields from its present owner would remove it. */
async function keepAnnotation(
  api: ResourceClient<KubeObject>,
  object: KubeObject,
  options: ApplyOptions,
): Promise<KubeObject> {
  const { apiVersion, kind, metadata } = object;
  const { name = '', namespace, annotations, managedFields = [] } = metadata;
  const value = annotations?.[lastApplied];
  const owned = managedFields.some(
    (entry) => entry.manager === annotationManager && entry.operation === 'Apply' && ownsAnnotation(entry),
  );
  if (value === undefined || owned) return object;
  const only = {
    apiVersion,
    kind,
    metadata: { ...(namespace ? { namespace } : {}), name, annotations: { [lastApplied]: value } },
  };
  return api.apply(only, { ...options, fieldManager: annotationManager, force: false });
}

const ownsAnnotation = ({ fieldsV1 }: ManagedFieldsEntry) => has(fromFieldsV1(fieldsV1), annotationPath);

/** The same list when there is nothing of client-side apply in it. */
export function upgradedEntries(entries: readonly ManagedFieldsEntry[]): readonly ManagedFieldsEntry[] {
  const manager = clientSideManagerOf(entries);
  const isTheirs = (entry: ManagedFieldsEntry) =>
    entry.manager === manager && entry.operation === 'Update' && !entry.subresource;
  const theirs = entries.filter(isTheirs);
  if (theirs.length === 0) return entries;
  const isOurs = (entry: ManagedFieldsEntry) =>
    entry.manager === serverSideManager && entry.operation === 'Apply' && !entry.subresource;
  const ours = entries.find(isOurs) ?? asApplied(latest(theirs));
  const merged = theirs
    .filter(({ apiVersion }) => apiVersion === ours.apiVersion)
    .reduce((fields, entry) => union(fields, fromFieldsV1(entry.fieldsV1)), fromFieldsV1(ours.fieldsV1));
  const result = { ...ours, fieldsV1: toFieldsV1(difference(merged, annotationFields)) };
  const others = entries.filter((entry) => !isTheirs(entry));
  return others.some(isOurs) ? others.map((entry) => (isOurs(entry) ? result : entry)) : [...others, result];
}

const asApplied = (entry: ManagedFieldsEntry): ManagedFieldsEntry => ({
  ...entry,
  manager: serverSideManager,
  operation: 'Apply',
});

/** Whoever wrote the annotation last applied by client side, whatever its name. */
function clientSideManagerOf(entries: readonly ManagedFieldsEntry[]): string | undefined {
  const owners = entries.filter((entry) => entry.operation === 'Update' && ownsAnnotation(entry));
  return owners.length === 0 ? clientSideManager : latest(owners).manager;
}

const latest = (entries: readonly ManagedFieldsEntry[]): ManagedFieldsEntry =>
  entries.reduce((newest, entry) => ((entry.time ?? '') > (newest.time ?? '') ? entry : newest));
