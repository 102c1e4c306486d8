/** AdmissionReview on the wire: what an API server posts to a webhook, and what it gets back. Pure. */
import type { AdmissionRequest, AdmissionResponse } from '#kube/admission/review.ts';
import type { JsonObject, JsonValue, KubeObject } from '#kube/meta/object.ts';
import { createMergePatch } from '#kube/patch/merge.ts';

interface WireRequest {
  readonly uid: string;
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly resource: { readonly group: string; readonly version: string; readonly resource: string };
  readonly subResource?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly operation: AdmissionRequest['operation'];
  readonly userInfo?: { readonly username?: string; readonly groups?: readonly string[]; readonly uid?: string };
  readonly object?: KubeObject | null;
  readonly oldObject?: KubeObject | null;
  readonly dryRun?: boolean;
  readonly options?: unknown;
}

/** Undefined when the body is no admission.k8s.io/v1 request. */
export function readReview(body: JsonValue): AdmissionRequest | undefined {
  const { request } = (body ?? {}) as { readonly request?: WireRequest };
  if (!request?.uid || !request.kind || !request.resource) return undefined;
  const { resource, subResource, name, namespace, userInfo = {} } = request;
  return {
    uid: request.uid,
    kind: request.kind,
    path: {
      ...resource,
      ...(subResource ? { subresource: subResource } : {}),
      ...(name ? { name } : {}),
      ...(namespace ? { namespace } : {}),
    },
    operation: request.operation,
    user: {
      name: userInfo.username ?? '',
      groups: userInfo.groups ?? [],
      ...(userInfo.uid ? { uid: userInfo.uid } : {}),
    },
    ...(request.object ? { object: request.object } : {}),
    ...(request.oldObject ? { oldObject: request.oldObject } : {}),
    dryRun: request.dryRun ?? false,
    ...(request.options ? { options: request.options as JsonObject } : {}),
  };
}

const pointer = (key: string) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** A JSON patch that replaces the top-level fields that differ: one operation a field is all an API server needs. */
function patchBetween(before: KubeObject, after: KubeObject): JsonValue {
  const changed = Object.keys(
    createMergePatch(before as unknown as JsonValue, after as unknown as JsonValue) as JsonObject,
  );
  const [old, wanted] = [before as unknown as JsonObject, after as unknown as JsonObject];
  return changed.map((key) =>
    wanted[key] === undefined
      ? { op: 'remove', path: pointer(key) }
      : { op: old[key] === undefined ? 'add' : 'replace', path: pointer(key), value: wanted[key] },
  );
}

export function writeReview(request: AdmissionRequest, response: AdmissionResponse): JsonObject {
  const answer = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' };
  if (!response.allowed) {
    const { code, reason, message } = response;
    return {
      ...answer,
      response: { uid: request.uid, allowed: false, status: { code, message, ...(reason ? { reason } : {}) } },
    };
  }
  const patch =
    response.object && request.object
      ? {
          patchType: 'JSONPatch',
          patch: Buffer.from(JSON.stringify(patchBetween(request.object, response.object))).toString('base64'),
        }
      : {};
  return {
    ...answer,
    response: {
      uid: request.uid,
      allowed: true,
      ...(response.warnings ? { warnings: response.warnings } : {}),
      ...patch,
    },
  };
}
