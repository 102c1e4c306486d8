/**
 * A template that is protected from deletion outlives the deletion of its namespace, but its binding, which nobody
 * protects, does not: the end of the binding waits, or members would lose what was not to be deleted.
 */
import { Namespaces } from '#apis/kubernetes/types.ts';
import { deletionProtected, deletionProtectedAlways } from '#apis/names/labels.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { ApiClient } from '#client/api-client.ts';
import { nameOf } from '#client/cached.ts';
import type { TemplateReader } from '#client/template-reader.ts';
import { isReason } from '#kube/status/status.ts';

export interface ProtectionContext {
  readonly client: ApiClient;
  readonly templates: TemplateReader;
}

async function orNone<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** By the API server's word, except that a template which the cache knows to be gone is gone. */
export async function outlivesNamespace(
  { client, templates }: ProtectionContext,
  { spec: { resource } }: Binding,
): Promise<boolean> {
  if (!resource.namespace) return false;
  const source = await templates.of(resource);
  const known = source?.get(resource);
  if (!source || !known || known.metadata.deletionTimestamp || known.metadata.uid !== resource.uid) return false;
  const namespace = await orNone(client.resource(Namespaces).get({ name: resource.namespace }));
  if (!namespace?.metadata.deletionTimestamp) return false;
  const template = await orNone(source.resource.live.get(nameOf(known)));
  return (
    template?.metadata.uid === resource.uid &&
    template?.metadata.deletionTimestamp === undefined &&
    template?.metadata.labels?.[deletionProtected] === deletionProtectedAlways
  );
}
