/** What a FederatedResourceQuota may say (compatibility.md section 7): names and amounts as a ResourceQuota's. */
import { checkAmount, checkQuotaResourceName } from '#apis/kubernetes/native/validate/resources.ts';
import { type Amounts, type AmountTexts, add, amountsIn } from '#apis/kubernetes/quota/amounts.ts';
import type { FederatedResourceQuota } from '#apis/policy/federated-resource-quota.ts';
import type { AdmissionReviewer } from '#kube/admission/review.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { dns1123Label } from '#kube/names/validate.ts';
import { compareQuantity, formatQuantity } from '#kube/quantity/quantity.ts';
import { invalidValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';
import { judged } from '../reviewer.ts';

type Causes = readonly StatusCause[];

/** It becomes the value of a label. */
const longestName = 63;
/** Room for the prefix of the execution namespace. */
const longestClusterName = 48;

function validateAmounts(amounts: AmountTexts | undefined, path: string): Causes {
  const causes: StatusCause[] = [];
  for (const [name, text] of Object.entries(amounts ?? {})) {
    checkQuotaResourceName(causes, `${path}[${name}]`, name);
    checkAmount(causes, `${path}[${name}]`, name, text);
  }
  return causes;
}

function validateClusterName(name: string, path: string): Causes {
  const wrong =
    name.length > longestClusterName ? [`must be no more than ${longestClusterName} characters`] : dns1123Label(name);
  return wrong.length === 0 ? [] : [invalidValue(path, name, wrong.join(','))];
}

/** All clusters together get no more than there is, and nothing that is not there at all. */
function validateShares({ overall, staticAssignments = [] }: FederatedResourceQuota['spec']): Causes {
  const assigned = staticAssignments.map(({ hard }) => amountsIn(hard)).reduce(add, {} as Amounts);
  const causes: StatusCause[] = [];
  for (const [name, amount] of Object.entries(amountsIn(overall))) {
    if (assigned[name] && compareQuantity(amount, assigned[name]) < 0) {
      causes.push(invalidValue(`spec.overall[${name}]`, formatQuantity(amount), 'overall is less than assignments'));
    }
  }
  for (const [i, { hard }] of staticAssignments.entries()) {
    for (const name of Object.keys(hard)) {
      if (Object.hasOwn(overall, name)) continue;
      const at = `spec.staticAssignments[${i}].hard[${name}]`;
      causes.push(invalidValue(at, name, 'assignment resourceName is not exist in overall'));
    }
  }
  return causes;
}

export const validateQuota: AdmissionReviewer = ({ object }) => {
  const { metadata, spec, status } = object as KubeObject as FederatedResourceQuota;
  const { name = '' } = metadata;
  return judged([
    ...(name.length > longestName
      ? [invalidValue('metadata.name', name, `must be no more than ${longestName} characters`)]
      : []),
    ...validateAmounts(spec.overall, 'spec.overall'),
    ...(spec.staticAssignments ?? []).flatMap(({ clusterName, hard }, i) => [
      ...validateClusterName(clusterName, `spec.staticAssignments[${i}].clusterName`),
      ...validateAmounts(hard, `spec.staticAssignments[${i}].hard`),
    ]),
    ...validateShares(spec),
    ...validateAmounts(status?.overall, 'status.overall'),
    ...validateAmounts(status?.overallUsed, 'status.overallUsed'),
    ...(status?.aggregatedStatus ?? []).flatMap(({ clusterName, hard, used }, i) => [
      ...validateClusterName(clusterName, `status.aggregatedStatus[${i}].clusterName`),
      ...validateAmounts(hard, `status.aggregatedStatus[${i}].hard`),
      ...validateAmounts(used, `status.aggregatedStatus[${i}].used`),
    ]),
  ]);
};
