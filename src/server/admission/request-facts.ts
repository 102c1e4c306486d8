/** What an AdmissionReview says of a request besides its objects: what webhooks are sent, and `request` in expressions. */
import type { AdmissionRequest } from '#kube/admission/review.ts';
import type { JsonObject } from '#kube/meta/object.ts';

const kindOf = ({ kind: { group, version, kind } }: AdmissionRequest) => ({ group, version, kind });
const resourceOf = ({ path: { group, version, resource } }: AdmissionRequest) => ({ group, version, resource });

/** `matched`: the same request in the version that rules speak of. */
export function requestFacts(request: AdmissionRequest, matched: AdmissionRequest): JsonObject {
  const { path, operation, user, dryRun, options } = request;
  const { subresource, name = '', namespace } = path;
  return {
    kind: kindOf(matched),
    resource: resourceOf(matched),
    ...(subresource ? { subResource: subresource } : {}),
    requestKind: kindOf(request),
    requestResource: resourceOf(request),
    ...(subresource ? { requestSubResource: subresource } : {}),
    ...(name ? { name } : {}),
    ...(namespace ? { namespace } : {}),
    operation,
    userInfo: {
      username: user.name,
      ...(user.uid ? { uid: user.uid } : {}),
      groups: user.groups,
      ...(user.extra && Object.keys(user.extra).length > 0 ? { extra: user.extra } : {}),
    },
    dryRun,
    options: options ?? null,
  };
}
