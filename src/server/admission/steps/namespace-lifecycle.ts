/**
 * NamespaceLifecycle: nothing is created where no namespace is, or where one is going away; some namespaces stay. What
 * is stored is looked at itself, so that no cache can be behind.
 */
import type { AdmissionRequest } from '#kube/admission/review.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { forbidden, notFound } from '#kube/status/errors.ts';
import { immortalNamespaces } from '../../namespaces/names.ts';
import { refuse } from '../refuse.ts';
import type { AdmissionStep, AdmissionTarget } from '../step.ts';

const isNamespace = ({ group, resource }: Pick<AdmissionTarget, 'group' | 'resource'>) =>
  group === '' && resource === 'namespaces';

/** Deletions are looked at for namespaces alone; access reviews ask about namespaces that may not be there. */
function handles(target: AdmissionTarget): boolean {
  const { operation, resource, namespaced } = target;
  if (isNamespace(target)) return operation === 'DELETE';
  // What can be updated is in a namespace that is there.
  return namespaced && operation === 'CREATE' && resource !== 'localsubjectaccessreviews';
}

export function namespaceLifecycle(find: (name: string) => UnstructuredObject | undefined): AdmissionStep {
  return {
    name: 'NamespaceLifecycle',
    phase: 'mutate',
    handles,
    review: (request) => {
      const { path, operation } = request;
      const { namespace = '', name = '' } = path;
      if (operation === 'DELETE') {
        if (immortalNamespaces.has(name)) throw forbidden(path, name, 'this namespace may not be deleted');
        return undefined;
      }
      if (namespace === '') return undefined;
      const found = find(namespace);
      if (!found) throw notFound({ group: '', resource: 'namespaces' }, namespace);
      const { phase } = (found.status ?? {}) as { readonly phase?: string };
      if (phase !== 'Terminating') return undefined;
      throw terminating(request, namespace);
    },
  };
}

function terminating(request: AdmissionRequest, namespace: string) {
  return refuse(request, `unable to create new content in namespace ${namespace} because it is being terminated`, [
    {
      reason: 'NamespaceTerminating',
      message: `namespace ${namespace} is being terminated`,
      field: 'metadata.namespace',
    },
  ]);
}
