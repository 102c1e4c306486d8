/** A client that reads and never writes: what a rehearsal has of real clusters. */
import type { ApiClient, ResourceClient, TypedResource } from '#client/api-client.ts';
import type { KubeObject } from '#kube/meta/object.ts';

/** Raised instead of a write, a dry run among them. */
export class WriteRefused extends Error {
  override readonly name = 'WriteRefused';
}

export function readOnly(client: ApiClient): ApiClient {
  const refuse =
    (verb: string, { resource }: { readonly resource: string }) =>
    async (): Promise<never> => {
      throw new WriteRefused(
        `${verb} ${resource} in ${client.name}: a rehearsal only reads real clusters; please report it`,
      );
    };
  return {
    name: client.name,
    resource: <T extends KubeObject>(ref: TypedResource<T>): ResourceClient<T> => {
      const { get, list, watch } = client.resource(ref);
      return {
        get,
        list,
        watch,
        create: refuse('create', ref),
        update: refuse('update', ref),
        patch: refuse('patch', ref),
        apply: refuse('apply', ref),
        delete: refuse('delete', ref),
        deleteCollection: refuse('delete', ref),
      };
    },
    raw: client.raw,
    close: client.close,
  };
}
