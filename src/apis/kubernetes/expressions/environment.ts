/** What the CEL expressions of webhooks and admission policies see, and how they are compiled: apiserver's admission/plugin/cel. */
import { type CelEnvironment, type CelProgram, celEnvironment } from '#kube/cel/environment.ts';
import { CelCompileError } from '#kube/cel/errors.ts';
import { type CelFields, type CelType, celTypes, sameType, typeName, typeParameters } from '#kube/cel/types.ts';

const { string, bool, dyn, int, timestamp, list, map, object } = celTypes;

const fields = (table: Readonly<Record<string, CelType>>): CelFields => new Map(Object.entries(table));

const named = (kind: 'kind' | 'resource') => fields({ group: string, version: string, [kind]: string });
const kindType = object('kubernetes.GroupVersionKind', named('kind'));
const resourceType = object('kubernetes.GroupVersionResource', named('resource'));

const userType = object(
  'kubernetes.UserInfo',
  fields({ username: string, uid: string, groups: list(string), extra: map(string, list(string)) }),
);

const requestType = object(
  'kubernetes.AdmissionRequest',
  fields({
    kind: kindType,
    resource: resourceType,
    subResource: string,
    requestKind: kindType,
    requestResource: resourceType,
    requestSubResource: string,
    name: string,
    namespace: string,
    operation: string,
    userInfo: userType,
    dryRun: bool,
    options: dyn,
  }),
);

const conditionType = object(
  'kubernetes.NamespaceCondition',
  fields({ status: string, type: string, lastTransitionTime: timestamp, message: string, reason: string }),
);

const namespaceMetadataType = object(
  'kubernetes.NamespaceMetadata',
  fields({
    name: string,
    generateName: string,
    namespace: string,
    labels: map(string, string),
    annotations: map(string, string),
    UID: string,
    creationTimestamp: timestamp,
    deletionGracePeriodSeconds: int,
    deletionTimestamp: timestamp,
    generation: int,
    resourceVersion: string,
    finalizers: list(string),
  }),
);

const namespaceType = object(
  'kubernetes.Namespace',
  fields({
    metadata: namespaceMetadataType,
    spec: object('kubernetes.NamespaceSpec', fields({ finalizers: list(string) })),
    status: object('kubernetes.NamespaceStatus', fields({ conditions: list(conditionType), phase: string })),
  }),
);

export interface ExpressionScope {
  readonly params: boolean;
  readonly authorizer: boolean;
  /** Types of `variables`, for those that have them. */
  readonly variables?: CelFields;
  /** Of `object` and `oldObject`; anything when absent. */
  readonly object?: CelType;
  /** Of `params`; anything when absent. */
  readonly paramsType?: CelType;
}

/** `authorizer.requestResource` by its full name. */
export const requestResource = 'authorizer.requestResource';

export function expressionEnvironment(scope: ExpressionScope): CelEnvironment {
  const { params, authorizer, variables, object: objectType = dyn, paramsType = dyn } = scope;
  return celEnvironment({
    variables: {
      object: objectType,
      oldObject: objectType,
      namespaceObject: namespaceType,
      request: requestType,
      ...(params ? { params: paramsType } : {}),
      ...(authorizer ? { authorizer: celTypes.authorizer, [requestResource]: celTypes.resourceCheck } : {}),
      ...(variables ? { variables: object('kubernetes.variables', variables) } : {}),
    },
  });
}

const plain = new Set<CelType['kind']>([
  'bool',
  'bytes',
  'double',
  'duration',
  'int',
  'null',
  'string',
  'timestamp',
  'uint',
]);

/** The type that a variable has for the expressions after it: what is not plain, a list or a map is anything. */
export function variableType(type: CelType | undefined): CelType {
  if (type === undefined) return dyn;
  if (type.kind === 'list') return list(variableType(type.element));
  if (type.kind === 'map') return map(variableType(type.key), variableType(type.value));
  return plain.has(type.kind) ? type : dyn;
}

/** As Go prints a type: by its name at run time. */
function goText(type: CelType): string {
  const parameters = typeParameters(type);
  return parameters.length === 0 ? typeName(type) : `${typeName(type)}(${parameters.map(goText).join(', ')})`;
}

export type Compiled =
  | { readonly program: CelProgram; readonly error?: undefined }
  /** In upstream's words. */
  | { readonly program?: undefined; readonly error: string };

/** cel-go's text of all that is wrong. */
export function checkExpression(environment: CelEnvironment, text: string): string | undefined {
  try {
    environment.compile(text);
    return undefined;
  } catch (error) {
    if (error instanceof CelCompileError) return error.message;
    throw error;
  }
}

/** `returns`: the types it may have; any when absent. */
export function compileExpression(environment: CelEnvironment, text: string, returns?: readonly CelType[]): Compiled {
  try {
    const program = environment.compile(text);
    const { resultType } = program;
    if (!returns || returns.some((type) => sameType(type, resultType))) return { program };
    const wanted = returns.map(goText);
    const what = wanted.length === 1 ? wanted[0] : `one of [${wanted.join(' ')}]`;
    return { error: `must evaluate to ${what} but got ${goText(resultType)}` };
  } catch (error) {
    if (!(error instanceof CelCompileError)) throw error;
    const what = error.stage === 'program' ? 'program instantiation failed' : 'compilation failed';
    return { error: `${what}: ${error.message}` };
  }
}
