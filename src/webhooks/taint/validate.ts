/** What a ClusterTaintPolicy may say: no taint twice, and none that drives out unless an administrator allows it. */
import type { ClusterTaintPolicy } from '#apis/policy/cluster-taint-policy.ts';
import type { AdmissionReviewer } from '#kube/admission/review.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { duplicateValue, forbiddenField } from '#kube/status/causes.ts';
import { judged } from '../reviewer.ts';

const notAllowed =
  'Configuring taint with NoExecute effect is not allowed, this capability must be explicitly enabled by administrators through command-line flags';

/** `allowsNoExecute`: `--allow-no-execute-taint-policy`, as it is now. */
export const validateTaintPolicy =
  (allowsNoExecute: () => boolean): AdmissionReviewer =>
  ({ object }) => {
    const { taints } = (object as KubeObject as ClusterTaintPolicy).spec;
    return judged(
      taints.flatMap(({ key, effect }, i) => {
        const at = `spec.taints[${i}]`;
        const again = taints.slice(i + 1).some((other) => other.key === key && other.effect === effect);
        const twice = `Duplicate taint with the same key(${key}) and effect(${effect}) is not allowed`;
        return [
          ...(effect === 'NoExecute' && !allowsNoExecute() ? [forbiddenField(at, notAllowed)] : []),
          ...(again ? [duplicateValue(at, twice)] : []),
        ];
      }),
    );
  };
