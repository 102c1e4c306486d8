/** The scale subresource: autoscaling/v1 Scale over any kind that has replicas. */
import { conflictError } from '#kube/apply/conflict.ts';
import { fieldElement } from '#kube/fields/element.ts';
import { difference, fieldSet, fromFieldsV1, has, isEmpty, size, toFieldsV1 } from '#kube/fields/fieldset.ts';
import type { ScaleSubresource } from '#kube/kind/definition.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import type { ApiResponse } from '#kube/request/request.ts';
import { type LabelSelector, labelSelectorMatcher } from '#kube/selector/labels.ts';
import { invalidValue } from '#kube/status/causes.ts';
import { badRequest, internalError, invalid } from '#kube/status/errors.ts';
import { isReason, StatusError } from '#kube/status/status.ts';
import { answer, type Registry, type Scope } from '../registry/context.ts';
import { getNow } from '../registry/read/get.ts';
import { applyIntent } from '../registry/write/apply.ts';
import type { Door } from '../registry/write/door.ts';
import { patched, wrongPatch } from '../registry/write/patch.ts';
import { type Proposal, updateWith } from '../registry/write/update.ts';
import { valueAt, withValueAt } from './paths.ts';

interface Scale extends KubeObject {
  readonly spec: { readonly replicas?: number };
  readonly status: { readonly replicas: number; readonly selector?: string };
}

const scaleVersion = 'autoscaling/v1';

const pathsOf = (scope: Scope): ScaleSubresource => scope.served.definition.subresources.scale!;

const numberAt = (object: KubeObject, path: string): number => {
  const value = valueAt(object, path);
  return typeof value === 'number' ? value : 0;
};

/** Only replicas change, so what is sent is the whole object already. */
const scaleDoor: Door = {
  subresource: 'scale',
  merge: (_, sent) => sent,
  countsGeneration: true,
  validatesTransitions: true,
  shown: {
    kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
    of: (scope, object) => scaleOf(scope, object),
    into: (scope, object, shown) =>
      withValueAt(object, pathsOf(scope).specReplicasPath, (shown as Scale).spec?.replicas ?? 0),
  },
};

function scaleOf(scope: Scope, object: KubeObject): Scale {
  const paths = pathsOf(scope);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = numberAt(object, paths.specReplicasPath);
  const selector = selectorText(paths.labelSelectorPath && valueAt(object, paths.labelSelectorPath));
  return {
    apiVersion: scaleVersion,
    kind: 'Scale',
    metadata: {
      ...(name ? { name } : {}),
      ...(namespace ? { namespace } : {}),
      ...(uid ? { uid } : {}),
      ...(resourceVersion ? { resourceVersion } : {}),
      ...(creationTimestamp ? { creationTimestamp } : {}),
    },
    spec: replicas === 0 ? {} : { replicas },
    status: { replicas: numberAt(object, paths.statusReplicasPath), ...(selector ? { selector } : {}) },
  };
}

/** Custom resources hold the text itself, built-in kinds a selector, ReplicationControllers a plain map. */
function selectorText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return undefined;
  const selector = 'matchLabels' in value || 'matchExpressions' in value ? value : { matchLabels: value };
  return labelSelectorMatcher(selector as LabelSelector).text;
}

const scaled = (registry: Registry, scope: Scope, { object }: ApiResponse): ApiResponse =>
  answer(registry, scope, scaleOf(scope, object as KubeObject));

export function getScale(registry: Registry, scope: Scope): ApiResponse {
  const read = getNow(registry, scope);
  const { specReplicasPath } = pathsOf(scope);
  if (scope.served.custom && valueAt(read.object as KubeObject, specReplicasPath) === undefined) {
    throw internalError(`the spec replicas field ${JSON.stringify(specReplicasPath)} does not exist`);
  }
  return scaled(registry, scope, read);
}

/** The replicas asked for. Throws BadRequest or Invalid. */
function replicasOf(
  scope: Scope,
  sent: unknown,
): { readonly replicas: number; readonly resourceVersion?: string; readonly uid?: string } {
  if (typeof sent !== 'object' || sent === null)
    throw badRequest('the object provided is unrecognized (must be of type Scale)');
  const { apiVersion = scaleVersion, kind = 'Scale', metadata = {}, spec } = sent as Partial<UnstructuredObject>;
  if (apiVersion !== scaleVersion || kind !== 'Scale') {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${scaleVersion})`,
    );
  }
  if (metadata.name !== undefined && metadata.name !== scope.name) {
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${scope.name})`);
  }
  const { replicas = 0 } = (spec ?? {}) as { readonly replicas?: unknown };
  if (typeof replicas !== 'number' || !Number.isInteger(replicas)) {
    throw badRequest(
      `Scale in version "v1" cannot be handled as a Scale: json: cannot unmarshal ${typeof replicas} into Go struct field ScaleSpec.spec.replicas of type int32`,
    );
  }
  // The rules of a custom resource say it in their own way.
  if (replicas < 0 && !scope.served.custom) {
    const causes = [invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0')];
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, scope.name, causes);
  }
  const { resourceVersion, uid } = metadata;
  return { replicas, ...(resourceVersion ? { resourceVersion } : {}), ...(uid ? { uid } : {}) };
}

const replicasPath = (scope: Scope): readonly string[] => pathsOf(scope).specReplicasPath.split('.').slice(1);

function isOwned(scope: Scope, { metadata }: KubeObject): boolean {
  const path = replicasPath(scope);
  return metadata.managedFields?.some((entry) => has(fromFieldsV1(entry.fieldsV1), path)) === true;
}

/** A Scale of which nobody owns anything is not tracked: a number that was nobody's stays nobody's. */
function proposal(scope: Scope, old: KubeObject, sent: unknown): Proposal {
  const object = withScale(scope, old, sent);
  if (!isOwned(scope, old)) return { object, owned: true };
  // A Scale to nothing does not show a number that anybody could own.
  return valueAt(object, pathsOf(scope).specReplicasPath) === 0
    ? { object: disowned(scope, object), owned: true }
    : { object };
}

function disowned(scope: Scope, object: KubeObject): KubeObject {
  const replicas = fieldSet(replicasPath(scope));
  const entries = (object.metadata.managedFields ?? []).flatMap((entry) => {
    const owned = fromFieldsV1(entry.fieldsV1);
    const rest = difference(owned, replicas);
    if (isEmpty(rest)) return [];
    return size(rest) === size(owned) ? entry : { ...entry, fieldsV1: toFieldsV1(rest) };
  });
  return { ...object, metadata: { ...object.metadata, managedFields: entries } };
}

/** `old` as the Scale wants it, with what the Scale's sender had seen. */
function withScale(scope: Scope, old: KubeObject, sent: unknown): KubeObject {
  const { replicas, resourceVersion, uid } = replicasOf(scope, sent);
  const object = withValueAt(old, pathsOf(scope).specReplicasPath, replicas);
  const { resourceVersion: _, ...metadata } = object.metadata;
  return {
    ...object,
    metadata: { ...metadata, ...(resourceVersion ? { resourceVersion } : {}), ...(uid ? { uid } : {}) },
  };
}

export async function updateScale(registry: Registry, scope: Scope): Promise<ApiResponse> {
  const { body } = scope.request;
  return scaled(registry, scope, await updateWith(registry, scope, scaleDoor, (old) => proposal(scope, old, body)));
}

export async function patchScale(registry: Registry, scope: Scope): Promise<ApiResponse> {
  if (scope.request.patchType === 'apply') return applyScale(registry, scope);
  const propose = (old: KubeObject) => {
    const sent = patched(scope, scaleOf(scope, old));
    try {
      return proposal(scope, old, sent);
    } catch (error) {
      throw isReason(error, 'BadRequest')
        ? wrongPatch(error.message.replace(/^Scale in version .* as a Scale: /, ''))
        : error;
    }
  };
  return scaled(registry, scope, await updateWith(registry, scope, scaleDoor, propose));
}

/** An applied Scale states one field of the object it scales. */
async function applyScale(registry: Registry, scope: Scope): Promise<ApiResponse> {
  const { replicas } = replicasOf(scope, scope.request.body);
  const { apiVersion, definition } = scope.served;
  const named: KubeObject = {
    apiVersion,
    kind: definition.kind,
    metadata: { name: scope.name, ...(scope.namespace ? { namespace: scope.namespace } : {}) },
  };
  const config = withValueAt(named, pathsOf(scope).specReplicasPath, replicas);
  requireUncontested(registry, scope, replicas);
  try {
    return scaled(registry, scope, await applyIntent(registry, scope, scaleDoor, config));
  } catch (error) {
    throw inScaleVersion(error, apiVersion);
  }
}

/** To an apply, a number that nobody owns is owned by what was before: another one must be forced. Throws Conflict. */
function requireUncontested(registry: Registry, scope: Scope, replicas: number): void {
  if (scope.request.options.force) return;
  const live = getScale(registry, scope).object as Scale;
  const object = getNow(registry, scope).object as KubeObject;
  if ((live.spec.replicas ?? 0) === replicas || isOwned(scope, object)) return;
  const entry = { manager: 'before-first-apply', operation: 'Update', apiVersion: scaleVersion } as const;
  throw conflictError([
    { entry: { ...entry, subresource: 'scale' }, path: replicasPath(scope).map((name) => fieldElement(name)) },
  ]);
}

/** Whoever applies a Scale hears of other managers as if they, too, had written a Scale. */
function inScaleVersion(error: unknown, apiVersion: string): unknown {
  if (!(error instanceof StatusError) || !isReason(error, 'Conflict')) return error;
  const said = (text = '') => text.replaceAll(` using ${apiVersion}`, ` using ${scaleVersion}`);
  const { message, details } = error.status;
  const causes = details?.causes?.map((cause) => ({ ...cause, message: said(cause.message) }));
  return new StatusError({
    ...error.status,
    message: said(message),
    details: { ...details, ...(causes ? { causes } : {}) },
  });
}
