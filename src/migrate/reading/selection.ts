/**
 * Which objects of a running cluster are somebody's own and become templates, and why the others do not. Whatever a
 * controller makes and keeps up is made again wherever its template is. Pure.
 */
import { managed, managedValue, system } from '#apis/names/labels.ts';
import { isTemplate } from '#flow/1-detect/plan/propagated.ts';
import { isController } from '#flow/4-execute/plan/managers.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { controllerOf } from '#kube/meta/owner.ts';

/** Resources whose objects belong to one cluster alone, by group and plural. */
const ownResources = new Set([
  '/nodes',
  '/componentstatuses',
  '/bindings',
  'apiregistration.k8s.io/apiservices',
  'certificates.k8s.io/certificatesigningrequests',
  'flowcontrol.apiserver.k8s.io/flowschemas',
  'flowcontrol.apiserver.k8s.io/prioritylevelconfigurations',
  'networking.k8s.io/ipaddresses',
  'networking.k8s.io/servicecidrs',
  'resource.k8s.io/resourceslices',
  'storage.k8s.io/csinodes',
  'storage.k8s.io/csistoragecapacities',
  'storage.k8s.io/volumeattachments',
]);

export const isOwnResource = ({ group, resource }: { readonly group: string; readonly resource: string }): boolean =>
  ownResources.has(`${group}/${resource}`) || group === 'metrics.k8s.io';

/** By kube-controller-manager's and the reference's default. */
const systemNamespaces = /^kube-.*$/;

const isOfKind = (object: KubeObject, kind: string) => object.apiVersion === 'v1' && object.kind === kind;

function whySecret(object: UnstructuredObject): string | undefined {
  if (!isOfKind(object, 'Secret')) return undefined;
  if (object.type === 'helm.sh/release.v1') return "Helm's record of a release";
  if (object.type === 'kubernetes.io/service-account-token') return "a token of the cluster's own for a ServiceAccount";
  return object.type === 'bootstrap.kubernetes.io/token' ? 'a bootstrap token of the cluster' : undefined;
}

/** A volume that was made for a claim is made again with the claim, wherever that is. */
const provisionedBy = 'pv.kubernetes.io/provisioned-by';

/** Everything in it was written by controllers; objects without managedFields may be anybody's. */
function whyControllers({ metadata: { managedFields = [] } }: KubeObject): string | undefined {
  const entries = managedFields.filter(({ subresource }) => subresource !== 'status');
  if (entries.length === 0 || !entries.every(isController)) return undefined;
  return `made by ${[...new Set(entries.map(({ manager }) => manager))].join(', ')}`;
}

/** The account every namespace is born with, while nobody has given it anything. */
const isPlainDefaultAccount = (object: UnstructuredObject): boolean =>
  isOfKind(object, 'ServiceAccount') &&
  object.metadata.name === 'default' &&
  object.imagePullSecrets === undefined &&
  object.metadata.annotations === undefined;

/** Why it is left where it is; undefined for what becomes a template. */
export function whySkipped(object: UnstructuredObject): string | undefined {
  const { metadata, kind } = object;
  const controller = controllerOf(object);
  if (controller) return `owned by ${controller.kind} ${controller.name}`;
  if (metadata.deletionTimestamp !== undefined) return 'it is being deleted';
  if (metadata.labels?.[managed] === managedValue) return 'it is managed already';
  if (metadata.labels?.[system] !== undefined) return "the control plane's own";
  if (isOfKind(object, 'Namespace') && metadata.name === 'default') return 'every cluster has it';
  if (!isTemplate(object, [systemNamespaces])) return "the cluster's own";
  if (isPlainDefaultAccount(object)) return 'every namespace has it';
  if (metadata.name?.startsWith('system:')) return "the cluster's own";
  if (kind === 'PriorityClass' && metadata.name?.startsWith('system-')) return "the cluster's own";
  if (isOfKind(object, 'PersistentVolume') && metadata.annotations?.[provisionedBy] !== undefined)
    return 'made for a PersistentVolumeClaim';
  return whySecret(object) ?? whyControllers(object);
}
