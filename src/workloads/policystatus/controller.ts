/** Tells in a ValidatingAdmissionPolicy's status what its expressions get wrong about the kinds it is for. */

import type { Policy } from '#apis/kubernetes/expressions/policy.ts';
import type { KnownKinds } from '#apis/kubernetes/expressions/type-check.ts';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import { type CustomResourceDefinition, CustomResourceDefinitions } from '#apis/kubernetes/types.ts';
import type { TypedResource } from '#client/api-client.ts';
import type { Informer } from '#client/informer/informer.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import { schemaFromOpenApi } from '#kube/openapi/openapi.ts';
import { isReason } from '#kube/status/status.ts';
import { type Controller, done } from '#runtime/reconciler.ts';
import type { WorkloadOptions } from '../options.ts';
import { priorityOf } from '../wake.ts';

const workers = 1;
const fieldManager = 'validatingadmissionpolicy-status';

const policies: TypedResource<Policy> = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicy',
  resource: 'validatingadmissionpolicies',
  namespaced: false,
};

export function policyStatusController({ client, informers }: WorkloadOptions): Controller {
  const stored = informers.informer(policies);
  const known = knownKinds(informers.informer(CustomResourceDefinitions));
  return {
    name: 'validatingadmissionpolicy-status',
    workers,
    setUp: (enqueue) => {
      stored.onChange((change) => {
        if (change.type !== 'deleted' && !isObserved(change.object))
          enqueue(change.object.metadata.name!, priorityOf(change));
      });
    },
    reconcile: async (name) => {
      const policy = stored.get(name);
      if (!policy || isObserved(policy)) return done;
      // CEL is loaded with the first policy.
      const { typeWarnings } = await import('#apis/kubernetes/expressions/type-check.ts');
      const expressionWarnings = typeWarnings(policy, known);
      const typeChecking = expressionWarnings.length > 0 ? { expressionWarnings } : {};
      const { apiVersion, kind, metadata } = policy;
      const status = { observedGeneration: metadata.generation ?? 1, typeChecking };
      try {
        const intent = { apiVersion, kind, metadata: { name }, status };
        await client.resource(policies).apply(intent, { fieldManager, force: true, subresource: 'status' });
      } catch (error) {
        if (!isReason(error, 'NotFound')) throw error;
      }
      return done;
    },
  };
}

const isObserved = ({ metadata, status }: Policy): boolean =>
  (metadata.generation ?? 1) <= (status?.observedGeneration ?? 0);

/** Built-in kinds, and what definitions say. */
function knownKinds(definitions: Informer<CustomResourceDefinition>): KnownKinds {
  const builtin = builtinKinds();
  const defined = (group: string) => definitions.list().filter(({ spec }) => spec.group === group);
  return {
    ofResource: (group, version, resource) => {
      const found = builtin.find(
        (kind) => kind.group === group && kind.version === version && kind.resource === resource,
      );
      if (found) return { group, version, kind: found.kind };
      const custom = defined(group).find(({ spec }) => spec.names.plural === resource);
      const isServed = custom?.spec.versions.some(({ name, served }) => served && name === version);
      return custom && isServed ? { group, version, kind: custom.spec.names.kind } : undefined;
    },
    schemaOf: ({ group, version, kind }) => {
      const found = builtin.find((each) => each.group === group && each.version === version && each.kind === kind);
      if (found) return found.schema;
      const custom = defined(group).find(({ spec }) => spec.names.kind === kind);
      const schema = custom?.spec.versions.find(({ name }) => name === version)?.schema?.openAPIV3Schema;
      return schema ? schemaFromOpenApi(schema as JsonObject) : undefined;
    },
  };
}
