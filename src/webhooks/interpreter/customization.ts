/** What ResourceInterpreterCustomization may say (compatibility.md section 7). */
import {
  type ResourceInterpreterCustomization,
  ResourceInterpreterCustomizationKind,
} from '#apis/config/customization.ts';
import { type InterpreterOperation, interpreterOperations } from '#apis/config/operations.ts';
import { scriptProblems } from '#interpreter/declarative/check.ts';
import type { AdmissionReviewer } from '#kube/admission/review.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { requiredValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';
import { type ControlPlane, judged } from '../reviewer.ts';

type Causes = readonly StatusCause[];

const scriptOf = ({ spec }: ResourceInterpreterCustomization, { customization }: InterpreterOperation) =>
  spec.customizations[customization]?.luaScript ?? '';

const fieldOf = ({ customization }: InterpreterOperation) => `spec.customizations.${customization}.luaScript`;

function validateTarget({ spec: { target } }: ResourceInterpreterCustomization): Causes {
  return (['apiVersion', 'kind'] as const).flatMap((field) =>
    target[field] === '' ? [requiredValue(`spec.target.${field}`)] : [],
  );
}

/** An operation of one kind is told once; what an object depends on may be told by several. */
function conflicts(
  customization: ResourceInterpreterCustomization,
  others: readonly ResourceInterpreterCustomization[],
): Causes {
  const { target } = customization.spec;
  const rivals = others.filter(
    ({ metadata, spec }) =>
      metadata.name !== customization.metadata.name &&
      spec.target.apiVersion === target.apiVersion &&
      spec.target.kind === target.kind,
  );
  return interpreterOperations.flatMap((operation) => {
    if (operation.name === 'InterpretDependency' || scriptOf(customization, operation) === '') return [];
    const rival = rivals.find((each) => scriptOf(each, operation) !== '');
    if (!rival) return [];
    const message = `conflicting with InterpreterOperation(${operation.name}) of existing ResourceInterpreterCustomization(${rival.metadata.name})`;
    return [{ reason: 'FieldValueForbidden', field: fieldOf(operation), message }];
  });
}

async function customizationsIn(client: ControlPlane): Promise<readonly ResourceInterpreterCustomization[]> {
  const stored = (await client()).resource<ResourceInterpreterCustomization>(ResourceInterpreterCustomizationKind);
  return (await stored.list()).items;
}

export const validateCustomization =
  (client: ControlPlane): AdmissionReviewer =>
  async ({ object }) => {
    const customization = object as KubeObject as ResourceInterpreterCustomization;
    const problems = await scriptProblems(customization.spec.customizations);
    let others: readonly ResourceInterpreterCustomization[];
    try {
      others = await customizationsIn(client);
    } catch (error) {
      const message = `whether another customization says the same cannot be told: ${(error as Error).message}`;
      return { allowed: false, code: 500, reason: 'InternalError', message };
    }
    const broken = problems.filter(({ severity }) => severity === 'error');
    const answer = judged([
      ...validateTarget(customization),
      ...conflicts(customization, others),
      ...broken.map(({ operation, message }) => ({
        reason: 'FieldValueInvalid',
        field: fieldOf(operation),
        message: `InterpreterOperation(${operation.name}) Lua script error: ${message}`,
      })),
    ]);
    const doubtful = problems.filter(({ severity }) => severity === 'warning');
    if (!answer.allowed || doubtful.length === 0) return answer;
    return { ...answer, warnings: doubtful.map(({ operation, message }) => `${fieldOf(operation)}: ${message}`) };
  };
