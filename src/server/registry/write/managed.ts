/** Who owns which field: the registry's use of managedFields. */
import { recordUpdate } from '#kube/apply/update.ts';
import { type FieldSet, fromFieldsV1 } from '#kube/fields/fieldset.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { Registry, Scope } from '../context.ts';

/** As apimachinery: longer names are cut. */
const longestManager = 128;

/** The field manager of a request: what it says, else the product in its User-Agent. */
function managerOf(scope: Scope): string {
  const { fieldManager } = scope.request.options;
  if (fieldManager) return fieldManager;
  const product = (scope.request.userAgent ?? '').split('/', 1)[0] ?? '';
  return product === '' ? 'unknown' : product.slice(0, longestManager);
}

const statusOnly = fromFieldsV1({ 'f:status': {} });
const specOnly = fromFieldsV1({ 'f:spec': {} });
const statusWrites = fromFieldsV1({
  'f:spec': {},
  'f:metadata': { 'f:deletionTimestamp': {}, 'f:ownerReferences': {} },
});

/** What this way of writing cannot change, and therefore nobody comes to own through it. */
export function resetFields(scope: Scope, subresource: string): FieldSet | undefined {
  if (subresource === 'status') return scope.served.custom ? specOnly : statusWrites;
  return scope.served.definition.subresources.status === true ? statusOnly : undefined;
}

/** The updated object with managedFields that say what the request's manager has changed since `old`. */
export function recordManager(
  registry: Registry,
  scope: Scope,
  updated: KubeObject,
  old: KubeObject | undefined,
  subresource: string,
): KubeObject {
  const reset = resetFields(scope, subresource);
  return recordUpdate({
    schema: scope.served.schema,
    old,
    updated,
    manager: managerOf(scope),
    apiVersion: scope.served.apiVersion,
    ...(subresource ? { subresource } : {}),
    now: registry.world.clock.now(),
    ...(reset ? { resetFields: reset } : {}),
  });
}
