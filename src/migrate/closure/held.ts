/** Templates that the control plane has of what a plan does not take over, and where their policies send them. */
import { conflictResolution } from '#apis/names/annotations.ts';
import { bindingNameFor } from '#apis/names/objects.ts';
import { claimOf } from '#apis/policy/claim.ts';
import { type Binding, bindingKinds } from '#apis/work/binding.ts';
import type { ApiClient, TypedResource } from '#client/api-client.ts';
import { listAll } from '#client/list-all.ts';
import { targetsOf } from '#flow/3-render/plan/targets.ts';
import { keyFor } from '#kube/meta/key.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { Held } from './lacks.ts';

export type Holding = (template: KubeObject) => Held;

/** By namespace and name. */
const keyOfBinding = ({ metadata }: KubeObject) => keyFor(metadata.namespace, metadata.name!);

export async function readHolding(client: ApiClient): Promise<Holding> {
  const lists = await Promise.all(bindingKinds.map((kind) => listAll(client, kind as TypedResource<Binding>)));
  const bindings = new Map(lists.flat().map((binding) => [keyOfBinding(binding), binding]));
  return (template) => {
    const { namespace, name, uid, annotations } = template.metadata;
    const binding = bindings.get(keyFor(namespace, bindingNameFor(template.kind, name!)));
    const own = binding?.spec.resource.uid === uid ? binding : undefined;
    const claim = claimOf(template);
    const word = annotations?.[conflictResolution] ?? own?.spec.conflictResolution ?? '';
    return {
      clusters: own ? targetsOf(own.spec).map((target) => target.name) : [],
      ...(claim ? { policy: `${claim.kind} ${keyFor(claim.namespace, claim.name)}` } : {}),
      aborts: word.toLowerCase() !== 'overwrite',
    };
  };
}
