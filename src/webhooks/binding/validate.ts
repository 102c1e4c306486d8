/** What a ResourceBinding may say (compatibility.md section 7): what other controllers read of it must be readable. */
import { dependencies } from '#apis/names/annotations.ts';
import type { BindingSpec } from '#apis/work/binding-spec.ts';
import type { ResourceBinding } from '#apis/work/resource-binding.ts';
import type { AdmissionReviewer } from '#kube/admission/review.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { invalidValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';
import { judged } from '../reviewer.ts';
import type { Charge } from './charge.ts';

export interface BindingGates {
  readonly MultiplePodTemplatesScheduling: boolean;
  readonly FederatedQuotaEnforcement: boolean;
}

type Causes = readonly StatusCause[];

/** The annotation's text is told only where it is wrong JSON: it lists names, no values. */
function validateDependencies({ metadata }: ResourceBinding): Causes {
  const text = metadata.annotations?.[dependencies];
  if (text === undefined) return [];
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    const why = `annotation value must be a valid JSON: ${(error as Error).message}`;
    return [invalidValue(`metadata.annotations[${dependencies}]`, text, why)];
  }
}

function validateComponents(components: NonNullable<BindingSpec['components']>): Causes {
  const seen = new Set<string>();
  return components.flatMap(({ name }, i) => {
    const wrong = name === '' ? 'component names must be non-empty' : 'component names must be unique';
    if (name !== '' && !seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [invalidValue(`spec.components[${i}].name`, name, wrong)];
  });
}

/** `charge` is asked only where the gate says so, and last: what is refused costs nothing. */
export function validateBinding(gates: () => BindingGates, charge: Charge): AdmissionReviewer {
  return (request) => {
    const binding = request.object as KubeObject as ResourceBinding;
    const { MultiplePodTemplatesScheduling, FederatedQuotaEnforcement } = gates();
    const answer = judged([
      ...validateDependencies(binding),
      ...(MultiplePodTemplatesScheduling ? validateComponents(binding.spec.components ?? []) : []),
    ]);
    return answer.allowed && FederatedQuotaEnforcement ? charge(request) : answer;
  };
}
