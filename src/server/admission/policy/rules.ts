/** Policies, bindings and match conditions are checked when they are written; those that have none load no CEL. */
import type { MatchCondition, Policy, PolicyBinding } from '#apis/kubernetes/expressions/policy.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { invalid } from '#kube/status/errors.ts';
import type { StatusCause } from '#kube/status/status.ts';
import type { AdmissionStep } from '../step.ts';

const group = 'admissionregistration.k8s.io';

interface Conditioned extends KubeObject {
  readonly webhooks?: readonly { readonly matchConditions?: readonly MatchCondition[] }[];
  readonly spec?: unknown;
}

type Find = (object: Conditioned, old: Conditioned | undefined) => Promise<readonly StatusCause[]> | undefined;

const load = () => import('./validate.ts');

/** A change of something else is not held up by conditions that are there already. */
const ofWebhooks: Find = ({ webhooks = [] }, old) => {
  const conditions = webhooks.map(({ matchConditions = [] }) => matchConditions);
  if (conditions.every(({ length }) => length === 0)) return undefined;
  const before = old?.webhooks?.map(({ matchConditions = [] }) => matchConditions);
  if (before && deepEqual(conditions, before)) return undefined;
  return load().then(({ conditionFindings }) =>
    conditions.flatMap((each, index) => conditionFindings(`webhooks[${index}].matchConditions`, each)),
  );
};

const changed = (object: Conditioned, old: Conditioned | undefined) => !old || !deepEqual(object.spec, old.spec);

const kinds: Readonly<Record<string, Find>> = {
  mutatingwebhookconfigurations: ofWebhooks,
  validatingwebhookconfigurations: ofWebhooks,
  validatingadmissionpolicies: (object, old) =>
    changed(object, old) ? load().then(({ policyFindings }) => policyFindings(object as Policy)) : undefined,
  validatingadmissionpolicybindings: (object, old) =>
    changed(object, old) ? load().then(({ bindingFindings }) => bindingFindings(object as PolicyBinding)) : undefined,
};

export const admissionRules: AdmissionStep = {
  name: 'AdmissionRules',
  phase: 'validate',
  handles: ({ group: of, resource, subresource, operation }) =>
    of === group && subresource === '' && resource in kinds && (operation === 'CREATE' || operation === 'UPDATE'),
  review: async ({ kind, path, object, oldObject }) => {
    const findings = (await kinds[path.resource]!(object as Conditioned, oldObject as Conditioned | undefined)) ?? [];
    if (findings.length > 0) throw invalid(kind, object?.metadata.name ?? '', findings);
    return undefined;
  },
};
