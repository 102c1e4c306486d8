/** Selectors of webhooks and policies over the namespace of a request, and over the objects in it. */
import type { AdmissionRequest } from '#kube/admission/review.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { type LabelSelector, labelSelectorMatcher } from '#kube/selector/labels.ts';
import { notFound } from '#kube/status/errors.ts';
import type { StatusError } from '#kube/status/status.ts';

export type FindNamespace = (name: string) => KubeObject | undefined;

export interface RequestSelectors {
  /** A namespace that is not there is an error only for those whose rules match. */
  readonly namespace: (request: AdmissionRequest, find: FindNamespace) => boolean | StatusError;
  /** The new or the old object has the labels. */
  readonly object: (request: AdmissionRequest) => boolean;
}

export function requestSelectors(
  namespaceSelector: LabelSelector | undefined,
  objectSelector: LabelSelector | undefined,
): RequestSelectors {
  const namespace = labelSelectorMatcher(namespaceSelector ?? {});
  const object = labelSelectorMatcher(objectSelector ?? {});
  const labelled = (candidate: KubeObject | undefined) =>
    candidate !== undefined && object.matches(candidate.metadata?.labels);
  return {
    namespace: (request, find) => {
      if (namespace.empty) return true;
      const { resource, namespace: name = '', subresource } = request.path;
      if (resource === 'namespaces' && !subresource && ['CREATE', 'UPDATE'].includes(request.operation)) {
        return namespace.matches(request.object?.metadata.labels);
      }
      if (name === '' && resource !== 'namespaces') return true;
      const found = find(name);
      return found ? namespace.matches(found.metadata.labels) : notFound({ group: '', resource: 'namespaces' }, name);
    },
    object: (request) => object.empty || labelled(request.object) || labelled(request.oldObject),
  };
}
