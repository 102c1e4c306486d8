/** ValidatingAdmissionPolicies and their bindings as they are stored, and their expressions compiled. */
import { type CelType, celTypes } from '#kube/cel/types.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { LabelSelector } from '#kube/selector/labels.ts';
import {
  type Compiled,
  checkExpression,
  compileExpression,
  type ExpressionScope,
  expressionEnvironment,
  variableType,
} from './environment.ts';

export interface MatchCondition {
  readonly name: string;
  readonly expression: string;
}

export interface NamedRule {
  readonly operations?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly apiVersions?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly scope?: string;
}

export interface MatchResources {
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
  readonly resourceRules?: readonly NamedRule[];
  readonly excludeResourceRules?: readonly NamedRule[];
  readonly matchPolicy?: 'Exact' | 'Equivalent';
}

export interface PolicyValidation {
  readonly expression: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
}

export interface PolicySpec {
  readonly paramKind?: { readonly apiVersion?: string; readonly kind?: string };
  readonly matchConstraints?: MatchResources;
  readonly validations?: readonly PolicyValidation[];
  readonly failurePolicy?: 'Fail' | 'Ignore';
  readonly auditAnnotations?: readonly { readonly key: string; readonly valueExpression: string }[];
  readonly matchConditions?: readonly MatchCondition[];
  readonly variables?: readonly { readonly name: string; readonly expression: string }[];
}

export interface Policy extends KubeObject {
  readonly spec: PolicySpec;
  readonly status?: {
    readonly observedGeneration?: number;
    readonly typeChecking?: { readonly expressionWarnings?: readonly ExpressionWarning[] };
  };
}

export interface ExpressionWarning {
  readonly fieldRef: string;
  readonly warning: string;
}

export interface PolicyBinding extends KubeObject {
  readonly spec: {
    readonly policyName?: string;
    readonly paramRef?: {
      readonly name?: string;
      readonly namespace?: string;
      readonly selector?: LabelSelector;
      readonly parameterNotFoundAction?: string;
    };
    readonly matchResources?: MatchResources;
    readonly validationActions?: readonly string[];
  };
}

export const boolOnly: readonly CelType[] = [celTypes.bool];
const stringOnly: readonly CelType[] = [celTypes.string];
export const stringOrNull: readonly CelType[] = [celTypes.string, celTypes.null];

/** A `variables.name` of a policy; one that does not compile fails where it is used. */
export interface CompiledVariable {
  readonly name: string;
  readonly compiled: Compiled;
}

export interface Composition {
  readonly variables: readonly CompiledVariable[];
  /** With `authorizer`, as most expressions of a policy have it. */
  readonly compile: (text: string, returns?: readonly CelType[]) => Compiled;
  /** What is wrong with its types, whatever it gives. */
  readonly check: (text: string) => string | undefined;
  /** Without it: message expressions. */
  readonly compileMessage: (text: string) => Compiled;
}

/** Each variable sees those before it. `scope`: of `object` and `params`, where their types are known. */
export function compose({ variables = [], paramKind }: PolicySpec, scope: Partial<ExpressionScope> = {}): Composition {
  const common = { params: paramKind !== undefined, ...scope };
  const types = new Map<string, CelType>();
  const withVariables = variables.length > 0 ? { variables: types } : {};
  // One environment for all: fields of `variables` are looked up when an expression names them.
  const full = expressionEnvironment({ ...common, authorizer: true, ...withVariables });
  const compiledVariables = variables.map(({ name, expression }) => {
    const compiled = compileExpression(full, expression);
    types.set(name, variableType(compiled.program?.resultType));
    return { name, compiled };
  });
  const bare = expressionEnvironment({ ...common, authorizer: false, ...withVariables });
  return {
    variables: compiledVariables,
    compile: (text, returns) => compileExpression(full, text, returns),
    check: (text) => checkExpression(full, text),
    compileMessage: (text) => compileExpression(bare, text, stringOnly),
  };
}
