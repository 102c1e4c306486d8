/** Admission as a step of a write; resources nobody has rules for pass without a request being made. */
import type { AdmissionOperation } from '#kube/admission/review.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { Registry, Scope } from '../context.ts';
import { decode } from './decode.ts';

/** The object as mutating admission leaves it, decoded again when it changed. Throws what admission says. */
export async function mutate(
  registry: Registry,
  scope: Scope,
  operation: AdmissionOperation,
  subresource: string,
  object: KubeObject,
  old: KubeObject | undefined,
): Promise<KubeObject> {
  const { mutating } = registry.admission.plan(scope.served, subresource, operation);
  if (mutating.length === 0) return object;
  const admitted = await registry.admission.mutate(mutating, { scope, operation, subresource, object, old });
  return admitted === object ? object : decode(scope, admitted, object);
}

/** Throws what validating admission says. `object` is absent on deletion. */
export async function review(
  registry: Registry,
  scope: Scope,
  operation: AdmissionOperation,
  subresource: string,
  object: KubeObject | undefined,
  old: KubeObject | undefined,
): Promise<void> {
  const { validating } = registry.admission.plan(scope.served, subresource, operation);
  if (validating.length > 0)
    await registry.admission.validate(validating, { scope, operation, subresource, object, old });
}
