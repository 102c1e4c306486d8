/** Who owns which field: the registry's use of managedFields. */
import { recordUpdate } from '#kube/apply/update.ts';
import { type FieldSet, fromFieldsV1 } from '#kube/fields/fieldset.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { Registry, Scope } from '../context.ts';
import { elsewhere } from './other-versions.ts';

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

const labelsToo = fromFieldsV1({ 'f:spec': {}, 'f:metadata': { 'f:labels': {} } });
const metadataToo = fromFieldsV1({ 'f:spec': {}, 'f:metadata': {} });
const everything = fromFieldsV1({ 'f:spec': {}, 'f:status': {} });
const specAndConditions = fromFieldsV1({ 'f:spec': {}, 'f:status': { 'f:conditions': {} } });

/** What kube-apiserver says of single kinds, by stored resource name: of the object itself, and of its status. */
const exceptions: Readonly<Record<string, { readonly main?: FieldSet; readonly status?: FieldSet }>> = {
  'admissionregistration.k8s.io/validatingadmissionpolicies': { status: metadataToo },
  'apps/deployments': { status: labelsToo },
  'certificates.k8s.io/certificatesigningrequests': { main: everything, status: specAndConditions },
  'flowcontrol.apiserver.k8s.io/flowschemas': { status: metadataToo },
  'flowcontrol.apiserver.k8s.io/prioritylevelconfigurations': { status: metadataToo },
  'resource.k8s.io/resourceclaims': { status: metadataToo },
  'storage.k8s.io/volumeattachments': { status: metadataToo },
};

/** What this way of writing cannot change, and therefore nobody comes to own through it. */
export function resetFields(scope: Scope, subresource: string): FieldSet | undefined {
  const exception = exceptions[scope.served.storageResource];
  if (subresource === 'status') return exception?.status ?? (scope.served.custom ? specOnly : statusWrites);
  if (exception?.main && subresource === '') return exception.main;
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
  const others = old && elsewhere(registry, scope, reset);
  return recordUpdate({
    schema: scope.served.schema,
    old,
    updated,
    manager: managerOf(scope),
    apiVersion: scope.served.apiVersion,
    ...(scope.served.alikeVersions ? { isAlike: scope.served.alikeVersions } : {}),
    ...(others ? { elsewhere: others } : {}),
    ...(subresource ? { subresource } : {}),
    now: registry.world.clock.now(),
    ...(reset ? { resetFields: reset } : {}),
  });
}
