/** Network policies imply their types; RBAC subjects their API group. */
import { type Fields, itemsOf } from '../value.ts';

function networkPolicySpec(spec: Fields): Fields {
  if (itemsOf(spec.policyTypes).length > 0) return spec;
  return { ...spec, policyTypes: itemsOf(spec.egress).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'] };
}

function subject(value: Fields): Fields {
  if (value.apiGroup || (value.kind !== 'User' && value.kind !== 'Group')) return value;
  return { ...value, apiGroup: 'rbac.authorization.k8s.io' };
}

export const networkingRules = {
  'networking.k8s.io/v1.NetworkPolicySpec': networkPolicySpec,
  'rbac.authorization.k8s.io/v1.Subject': subject,
};
