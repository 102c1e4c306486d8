/** Makes what was looked at, and takes it back where not all of it can be made. */

import { bindingNameFor } from '#apis/names/objects.ts';
import { claimOf } from '#apis/policy/claim.ts';
import { ClusterPropagationPolicyKind } from '#apis/policy/cluster-propagation-policy.ts';
import type { Policy } from '#apis/policy/matching.ts';
import { PropagationPolicyKind } from '#apis/policy/propagation-policy.ts';
import { bindingKindFor } from '#apis/work/binding.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { ResourceRef } from '#kube/meta/kind.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import type { Source } from '../reading/inventory.ts';
import { type Piece, type Promotion, promoteManager } from './promotion.ts';

/** What happened, in order. */
export type Done =
  | { readonly is: 'companion' | 'template' | 'reverted'; readonly piece: Piece }
  | { readonly is: 'policy'; readonly policy: Policy }
  /** Not taken back: somebody has begun to propagate it, and with it the member's object would go. */
  | { readonly is: 'kept'; readonly piece: Piece; readonly why: string };

const nameOf = ({ metadata: { namespace, name } }: KubeObject) => ({
  ...(namespace ? { namespace } : {}),
  name: name!,
});

const policyResource = ({ kind }: Policy): ResourceRef =>
  kind === ClusterPropagationPolicyKind.kind ? ClusterPropagationPolicyKind : PropagationPolicyKind;

async function found<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** Why its policy cannot be made, in the reference's words: there is one of that name. */
export async function policyObstacle({ client }: Source, { policy }: Promotion): Promise<string | undefined> {
  if (!policy || !(await found(client.resource(policyResource(policy)).get(nameOf(policy))))) return undefined;
  return `the ${policy.kind}(${keyOf(policy)}) already exist, please edit it to propagate resource`;
}

/**
 * Companions, then the policy, then the template: with its own policy there before it, no broader one can have it
 * first. Throws before anything is made where the policy is there already, else what the control plane says.
 */
export async function carryOut(control: Source, promotion: Promotion, tell: (done: Done) => void): Promise<void> {
  const { main, companions, policy } = promotion;
  const obstacle = await policyObstacle(control, promotion);
  if (obstacle) throw new Error(obstacle);
  const made: { readonly piece: Piece; readonly object: KubeObject }[] = [];
  let standing: KubeObject | undefined;
  try {
    for (const piece of companions) {
      made.push({ piece, object: await make(control, piece.resource, piece.template) });
      tell({ is: 'companion', piece });
    }
    if (policy) standing = await make(control, policyResource(policy), policy);
    await make(control, main.resource, main.template);
  } catch (error) {
    for (const { piece, object } of made.reverse()) tell(await takeBack(control, piece, object).catch(keptFor(piece)));
    if (policy && standing) await deletePolicy(control, policy, standing);
    throw error;
  }
  tell({ is: 'template', piece: main });
  if (policy) tell({ is: 'policy', policy });
}

/** What went wrong first is what is to be known: that it could not be taken back is told beside it. */
const keptFor =
  (piece: Piece) =>
  (error: Error): Done => ({ is: 'kept', piece, why: error.message });

async function deletePolicy({ client }: Source, policy: Policy, { metadata: { uid } }: KubeObject): Promise<void> {
  await found(client.resource(policyResource(policy)).delete(nameOf(policy), uid ? { preconditions: { uid } } : {}));
}

const make = (control: Source, resource: ResourceRef, object: KubeObject): Promise<KubeObject> =>
  control.client.resource(resource).create(object as UnstructuredObject, { fieldManager: promoteManager });

/** Looks again where it was changed meanwhile: a claim is such a change. */
const mostLooks = 5;

async function takeBack(control: Source, piece: Piece, made: KubeObject): Promise<Done> {
  const templates = control.client.resource(piece.resource);
  const bindings = control.client.resource(bindingKindFor(made.metadata.namespace));
  const { name: _, ...within } = nameOf(made);
  const binding = { ...within, name: bindingNameFor(made.kind ?? piece.resource.kind, made.metadata.name!) };
  for (let looks = 0; looks < mostLooks; looks++) {
    const live = await found(templates.get(nameOf(made)));
    if (!live || live.metadata.uid !== made.metadata.uid) return { is: 'reverted', piece };
    const claim = claimOf(live);
    if (claim) return { is: 'kept', piece, why: `${claim.kind} has it` };
    if (await found(bindings.get(binding))) return { is: 'kept', piece, why: 'a binding has it' };
    const { uid, resourceVersion } = live.metadata;
    try {
      await templates.delete(nameOf(made), {
        preconditions: { ...(uid ? { uid } : {}), ...(resourceVersion ? { resourceVersion } : {}) },
      });
      return { is: 'reverted', piece };
    } catch (error) {
      if (isReason(error, 'NotFound')) return { is: 'reverted', piece };
      if (!isReason(error, 'Conflict')) throw error;
    }
  }
  return { is: 'kept', piece, why: 'it changes all the time' };
}
