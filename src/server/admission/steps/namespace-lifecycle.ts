/** NamespaceLifecycle: nothing is created where no namespace is, or where one is going away. */
import type { AdmissionResponse } from '#kube/admission/review.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { notFound } from '#kube/status/errors.ts';
import { immortalNamespaces } from '../../namespaces/names.ts';
import { refuse } from '../refuse.ts';
import type { AdmissionStep } from '../step.ts';

const allowed: AdmissionResponse = { allowed: true };

/** Access reviews ask about namespaces that may not be there. */
const reviews = new Set(['localsubjectaccessreviews']);

export function namespaceLifecycle(find: (name: string) => UnstructuredObject | undefined): AdmissionStep {
  return {
    name: 'NamespaceLifecycle',
    phase: 'mutate',
    handles: ({ operation, resource, subresource }) =>
      operation === 'CREATE' && subresource === '' && !reviews.has(resource),
    review: (request) => {
      const { namespace } = request.path;
      if (!namespace) return allowed;
      const found = find(namespace);
      if (!found) throw notFound({ group: '', resource: 'namespaces' }, namespace);
      const { phase } = (found.status ?? {}) as { readonly phase?: string };
      if (phase !== 'Terminating' && found.metadata.deletionTimestamp === undefined) return allowed;
      throw refuse(request, `unable to create new content in namespace ${namespace} because it is being terminated`, [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ]);
    },
  };
}

/** The deletions NamespaceLifecycle refuses. */
export const immortality: AdmissionStep = {
  name: 'NamespaceLifecycle',
  phase: 'validate',
  handles: ({ operation, group, resource, subresource }) =>
    operation === 'DELETE' && group === '' && resource === 'namespaces' && subresource === '',
  review: (request) => {
    if (immortalNamespaces.has(request.path.name ?? '')) throw refuse(request, 'this namespace may not be deleted');
    return allowed;
  },
};
