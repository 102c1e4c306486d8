/** Where an object of a manifest belongs on the server: its resource and its namespace. */
import type { DiscoveredResource } from '#client/mapper/mapper.ts';
import { apiVersionOf, gvkOf } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { Looked } from '../connection/session.ts';
import { CommandError } from '../failure.ts';
import type { Manifest } from './manifests.ts';

export interface Placed extends Manifest {
  readonly resource: DiscoveredResource;
  /** With its namespace filled in. */
  readonly object: KubeObject;
  /** `deployments/web`'s own name; '' when only generateName is given. */
  readonly name: string;
}

/** Throws CommandError: an unknown kind, a namespace that differs from the flag's, no name. */
export async function place(session: Looked, { object, source }: Manifest): Promise<Placed> {
  const kind = gvkOf(object);
  const { name = '', namespace, generateName } = object.metadata;
  const resource = await session.mapper.find(kind);
  if (!resource) {
    throw new CommandError(
      `resource mapping not found for name: "${name}" namespace: "${namespace ?? ''}" from "${source}": no matches for kind "${kind.kind}" in version "${apiVersionOf(kind)}"\nensure CRDs are installed first`,
    );
  }
  if (name === '' && !generateName) throw new CommandError(`error in "${source}": resource name may not be empty`);
  if (!resource.namespaced) {
    const { namespace: _none, ...metadata } = object.metadata;
    return { object: namespace === undefined ? object : { ...object, metadata }, source, resource, name };
  }
  if (namespace && session.namespaceGiven && namespace !== session.namespace) {
    throw new CommandError(
      `the namespace from the provided object "${namespace}" does not match the namespace "${session.namespace}". You must pass '--namespace=${namespace}' to perform this operation.`,
    );
  }
  if (namespace) return { object, source, resource, name };
  const placed = { ...object, metadata: { ...object.metadata, namespace: session.namespace } };
  return { object: placed, source, resource, name };
}
