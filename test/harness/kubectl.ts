/** What people do with kubectl, as the requests it sends: its field managers, patch types and last-applied record. */

import { builtinKind } from '#apis/kubernetes/kinds.ts';
import { lastApplied } from '#apis/names/annotations.ts';
import { knownKind } from '#app/kinds.ts';
import type { ApiClient, ResourceClient } from '#client/api-client.ts';
import { canonicalJson } from '#kube/fields/text.ts';
import { gvkOf, type ResourceRef } from '#kube/meta/kind.ts';
import type { JsonValue, KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { createThreeWayMergePatch } from '#kube/patch/merge.ts';
import { createThreeWayStrategicPatch } from '#kube/patch/strategic.ts';
import { isReason } from '#kube/status/status.ts';

/** Objects in tests are written freely. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads any field of any kind.
export type Anything = any;

type Named = { readonly apiVersion: string; readonly kind: string; readonly metadata: KubeObject['metadata'] };

export interface Kubectl {
  readonly get: (object: Named) => Promise<Anything>;
  /** Undefined when it is not there. */
  readonly find: (object: Named) => Promise<Anything>;
  readonly list: (apiVersion: string, kind: string, namespace?: string) => Promise<readonly Anything[]>;
  readonly create: (object: Anything) => Promise<Anything>;
  /** Client-side apply. */
  readonly apply: (object: Anything) => Promise<Anything>;
  readonly serverApply: (object: Anything) => Promise<Anything>;
  /** `edit`: changes the object as it is. */
  readonly edit: (object: Named, change: (live: Anything) => Anything) => Promise<Anything>;
  readonly patch: (object: Named, patch: Anything, manager?: string) => Promise<Anything>;
  /** What a controller or a kubelet would say of it. */
  readonly say: (object: Named, status: Anything) => Promise<Anything>;
  readonly scale: (object: Named, replicas: number, manager?: string) => Promise<Anything>;
  readonly setImage: (object: Named, container: string, image: string) => Promise<Anything>;
  readonly setEnv: (object: Named, container: string, name: string, value: string) => Promise<Anything>;
  /** Null takes the label away. */
  readonly label: (object: Named, key: string, value: string | null) => Promise<Anything>;
  readonly annotate: (object: Named, key: string, value: string | null) => Promise<Anything>;
  readonly restart: (object: Named, at: string) => Promise<Anything>;
  readonly delete: (object: Named) => Promise<void>;
}

/** `refs`: resources of custom kinds, which the tests' own definitions name. */
export function kubectl(client: ApiClient, refs: readonly ResourceRef[] = []): Kubectl {
  const kindOf = (object: { readonly apiVersion: string; readonly kind: string }) => {
    const gvk = gvkOf(object as KubeObject);
    const ref = refs.find((each) => each.group === gvk.group && each.version === gvk.version && each.kind === gvk.kind);
    const known = knownKind(gvk);
    if (!ref && !known) throw new Error(`the test knows no kind ${object.apiVersion} ${object.kind}`);
    // As real servers do, ours takes strategic patches of built-in kinds only.
    return { ref: ref ?? known!, schema: builtinKind(gvk.group, gvk.version, gvk.kind)?.schema };
  };
  const on = (object: Named) => client.resource(kindOf(object).ref) as unknown as ResourceClient<UnstructuredObject>;
  const name = ({ metadata }: Named) => ({ namespace: metadata.namespace, name: metadata.name! });
  const patchType = (object: Named) => (kindOf(object).schema ? 'strategic' : 'merge');
  const containers = (container: string, change: object) => ({
    spec: { template: { spec: { containers: [{ name: container, ...change }] } } },
  });

  const self: Kubectl = {
    get: (object) => on(object).get(name(object)),
    find: async (object) => {
      try {
        return await self.get(object);
      } catch (error) {
        if (isReason(error, 'NotFound')) return undefined;
        throw error;
      }
    },
    list: async (apiVersion, kind, namespace) =>
      (await on({ apiVersion, kind, metadata: {} }).list(namespace ? { namespace } : {})).items,
    create: (object) => on(object).create(object, { fieldManager: 'kubectl-create' }),
    apply: async (object) => {
      const { [lastApplied]: _, ...annotations } = object.metadata.annotations ?? {};
      const config = { ...object, metadata: { annotations, ...object.metadata } };
      const record = `${canonicalJson(config)}\n`;
      const modified = {
        ...object,
        metadata: { ...object.metadata, annotations: { ...annotations, [lastApplied]: record } },
      };
      const live = await self.find(object);
      if (!live) return on(object).create(modified, { fieldManager: 'kubectl-client-side-apply' });
      const before = JSON.parse(live.metadata.annotations?.[lastApplied] ?? '{}');
      const { schema } = kindOf(object);
      const patch = schema
        ? createThreeWayStrategicPatch(before, modified, live, schema)
        : createThreeWayMergePatch(before, modified, live);
      return on(object).patch(name(object), patchType(object), patch as JsonValue, {
        fieldManager: 'kubectl-client-side-apply',
      });
    },
    serverApply: (object) => on(object).apply(object, { fieldManager: 'kubectl', force: true }),
    edit: async (object, change) => on(object).update(change(await self.get(object)), { fieldManager: 'kubectl-edit' }),
    patch: (object, patch, manager = 'kubectl-patch') =>
      on(object).patch(name(object), patchType(object), patch, { fieldManager: manager }),
    say: (object, status) => on(object).patch(name(object), 'merge', { status }, { subresource: 'status' }),
    scale: (object, replicas, manager = 'kubectl') =>
      on(object).patch(name(object), 'merge', { spec: { replicas } }, { fieldManager: manager, subresource: 'scale' }),
    setImage: (object, container, image) => self.patch(object, containers(container, { image }), 'kubectl-set'),
    setEnv: (object, container, key, value) =>
      self.patch(object, containers(container, { env: [{ name: key, value }] }), 'kubectl-set'),
    label: (object, key, value) => self.patch(object, { metadata: { labels: { [key]: value } } }, 'kubectl-label'),
    annotate: (object, key, value) =>
      self.patch(object, { metadata: { annotations: { [key]: value } } }, 'kubectl-annotate'),
    restart: (object, at) =>
      self.patch(
        object,
        { spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': at } } } } },
        'kubectl-rollout',
      ),
    delete: (object) => on(object).delete(name(object), { propagationPolicy: 'Background' }),
  };
  return self;
}
