/** The escalation check as a step of admission. */
import type { AdmissionStep } from '../../admission/step.ts';
import type { EscalationCheck } from './escalation.ts';
import { rbacGroup } from './objects.ts';

export const escalationStep = (check: EscalationCheck): AdmissionStep => ({
  name: 'RBACEscalation',
  phase: 'validate',
  handles: ({ group, subresource, operation }) =>
    group === rbacGroup && subresource === '' && (operation === 'CREATE' || operation === 'UPDATE'),
  review: ({ user, path, object, oldObject }) => {
    if (object) check({ user, resource: path.resource, object, ...(oldObject ? { old: oldObject } : {}) });
    return { allowed: true };
  },
});
