/** Admission as a step of a write; resources nobody has rules for pass without a request being made. */
import type { AdmissionOperation } from '#kube/admission/review.ts';
import type { GroupVersionKind } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { Registry, Scope } from '../context.ts';
import { decode } from './decode.ts';
import type { Door } from './door.ts';
import { inNamespace } from './names.ts';

/** What admission changes is not what the client sent: it is decoded without a word about its fields. */
const unspoken = (scope: Scope): Scope => ({
  ...scope,
  request: { ...scope.request, options: { ...scope.request.options, fieldValidation: 'Ignore' } },
});

/** The object as mutating admission leaves it, decoded again when it changed. Throws what admission says. */
export async function mutate(
  registry: Registry,
  scope: Scope,
  operation: AdmissionOperation,
  door: Door,
  object: KubeObject,
  old: KubeObject | undefined,
): Promise<KubeObject> {
  const { subresource, shown } = door;
  const { mutating } = registry.admission.plan(scope.served, subresource, operation);
  if (mutating.length === 0 || door.unadmitted) return object;
  const seen = shown ? shown.of(scope, object) : object;
  const admitted = await registry.admission.mutate(mutating, {
    scope,
    operation,
    subresource,
    object: seen,
    old: old && shown ? shown.of(scope, old) : old,
    ...(shown ? { kind: shown.kind } : {}),
  });
  if (admitted === seen || !admitted) return object;
  return shown ? shown.into(scope, object, admitted) : decode(unspoken(scope), admitted, object);
}

/** `commit` when validating admission lets it; what steps have done is undone when it then fails. Throws what they say. */
export async function reviewed<T>(
  registry: Registry,
  scope: Scope,
  operation: AdmissionOperation,
  door: Door,
  object: KubeObject,
  old: KubeObject | undefined,
  commit: () => T | Promise<T>,
): Promise<T> {
  const { subresource, shown } = door;
  const { validating } = registry.admission.plan(scope.served, subresource, operation);
  if (validating.length === 0 || door.unadmitted) return commit();
  const undo = await registry.admission.validate(validating, {
    scope,
    operation,
    subresource,
    object: shown ? shown.of(scope, object) : object,
    old: old && shown ? shown.of(scope, old) : old,
    ...(shown ? { kind: shown.kind } : {}),
  });
  try {
    return await commit();
  } catch (error) {
    await undo?.();
    throw error;
  }
}

/** Throws what admission says of a deletion. Of a collection, the requests have no name. */
export async function reviewDeletion(registry: Registry, scope: Scope, old: KubeObject): Promise<void> {
  const { mutating, validating } = registry.admission.plan(scope.served, '', 'DELETE');
  if (mutating.length === 0 && validating.length === 0) return;
  const named = scope.request.verb === 'deletecollection' ? { ...scope, name: '' } : scope;
  const admitted = { scope: named, operation: 'DELETE', subresource: '', object: undefined, old } as const;
  if (mutating.length > 0) await registry.admission.mutate(mutating, admitted);
  if (validating.length > 0) await registry.admission.validate(validating, admitted);
}

/**
 * What is sent and never stored: to a subresource by `create` (a Binding, an Eviction, a TokenRequest), to a resource
 * that is a question (reviews), or the options of a connection (PodExecOptions). Answers it as admission leaves it.
 */
export async function admitSent<T extends KubeObject>(
  registry: Registry,
  scope: Scope,
  operation: 'CREATE' | 'CONNECT',
  kind: GroupVersionKind,
  object: T,
): Promise<T> {
  const { subresource = '' } = scope.request.path;
  const { mutating, validating } = registry.admission.plan(scope.served, subresource, operation);
  if (mutating.length === 0 && validating.length === 0) return object;
  const placed =
    operation === 'CREATE' ? (inNamespace(scope, { ...object, metadata: object.metadata ?? {} }) as T) : object;
  const admitted = { scope, operation, subresource, kind, old: undefined };
  const mutated =
    mutating.length > 0
      ? (((await registry.admission.mutate(mutating, { ...admitted, object: placed })) as T | undefined) ?? placed)
      : placed;
  if (validating.length > 0) await registry.admission.validate(validating, { ...admitted, object: mutated });
  return mutated;
}
