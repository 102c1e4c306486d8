/** What the API server says about a definition, in the same write that brings it: names, conditions, stored versions. */

import { recordUpdate } from '#kube/apply/update.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { Condition } from '#kube/meta/object.ts';
import { loadPatternEngine } from '#kube/schema/pattern.ts';
import { timestamp } from '#world/clock/clock.ts';
import type { World } from '#world/world.ts';
import type { CommitGuard } from '../registry/context.ts';
import type { KindRegistry } from '../registry/kinds/registry.ts';
import type { Storage } from '../registry/storage.ts';
import { type CustomResourceDefinition, definitionsResource, servedResource } from './definition.ts';
import { acceptNames, type NamesInUse, withConditions } from './names.ts';
import { type ApprovalState, approvalOf, isProtected } from './validation/approval.ts';

export function definitionGuard(storage: Storage, kinds: KindRegistry, { clock }: World): CommitGuard {
  return {
    before: (object) => settled(object as CustomResourceDefinition, storage, kinds, clock.now()),
    validate: async (object, old, subresource) => {
      const { definitionCauses } = await import('./validation/judge.ts');
      // Defaults are held to their patterns.
      await loadPatternEngine();
      return definitionCauses(object, old, subresource);
    },
    undo: () => {},
  };
}

/** The definition with what the server has to say about it, and owned by the server as far as that goes. */
export function settled(
  definition: CustomResourceDefinition,
  storage: Storage,
  kinds: KindRegistry,
  now: number,
): CustomResourceDefinition {
  const updated = withStatus(definition, namesInUse(definition, storage, kinds), timestamp(now));
  const kind = kinds.byKind('apiextensions.k8s.io', 'v1', 'CustomResourceDefinition');
  if (updated === definition || !kind) return updated;
  return recordUpdate({
    schema: kind.schema,
    old: definition,
    updated,
    manager: 'kube-apiserver',
    apiVersion: kind.apiVersion,
    subresource: 'status',
    now,
  });
}

function withStatus(definition: CustomResourceDefinition, used: NamesInUse, now: string): CustomResourceDefinition {
  const { spec = {}, status = {} } = definition;
  const { accepted, namesAccepted, established } = acceptNames(definition, used);
  const stored = spec.versions?.find(({ storage }) => storage)?.name;
  const storedVersions = status.storedVersions ?? [];
  const conditions = [namesAccepted, ...(established ? [established] : []), ...approvalConditions(definition)];
  const next = {
    ...status,
    acceptedNames: accepted,
    conditions: withConditions(status.conditions ?? [], conditions, now),
    storedVersions:
      stored === undefined || storedVersions.includes(stored) ? storedVersions : [...storedVersions, stored],
  };
  return deepEqual(next, status) ? definition : { ...definition, status: next };
}

const approvalReasons: Readonly<Record<ApprovalState, string>> = {
  missing: 'MissingAnnotation',
  bypassed: 'UnapprovedAnnotation',
  approved: 'ApprovedAnnotation',
  invalid: 'InvalidAnnotation',
};

/** Of groups that belong to Kubernetes: whether their API was reviewed. */
function approvalConditions(definition: CustomResourceDefinition): readonly Pick<Condition, ConditionText>[] {
  if (!isProtected(definition)) return [];
  const { state, reason: message } = approvalOf(definition);
  const status = state === 'approved' ? 'True' : 'False';
  return [{ type: 'KubernetesAPIApprovalPolicyConformant', status, reason: approvalReasons[state], message }];
}

type ConditionText = 'type' | 'status' | 'reason' | 'message';

/** By the kinds that are served in the group and by what other definitions were given. */
function namesInUse(definition: CustomResourceDefinition, storage: Storage, kinds: KindRegistry): NamesInUse {
  const resources = new Set<string>();
  const kindNames = new Set<string>();
  const group = definition.spec?.group;
  const itself = servedResource(definition);
  for (const { definition: kind } of kinds.all()) {
    if (kind.group !== group || `${kind.group}/${kind.resource}` === itself) continue;
    for (const name of [kind.resource, kind.singular, ...kind.shortNames]) resources.add(name);
    for (const name of [kind.kind, kind.listKind]) kindNames.add(name);
  }
  for (const other of storage.list(definitionsResource, undefined).items as readonly CustomResourceDefinition[]) {
    if (other.spec?.group !== group || other.metadata.name === definition.metadata.name) continue;
    const { plural, singular, shortNames = [], kind, listKind } = other.status?.acceptedNames ?? {};
    for (const name of [plural, singular, ...shortNames]) if (name) resources.add(name);
    for (const name of [kind, listKind]) if (name) kindNames.add(name);
  }
  return { resources, kinds: kindNames };
}
