/** x-kubernetes-validations of one schema as CEL programs, with what upstream says of those that are none. */
import { type CelEnvironment, type CelProgram, celEnvironment } from '#kube/cel/environment.ts';
import { CelCompileError } from '#kube/cel/errors.ts';
import { celTypeOf } from '#kube/cel/schema-type.ts';
import { type CelType, celTypes } from '#kube/cel/types.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import type { Schema } from '#kube/schema/schema.ts';

/** A rule as a definition has it. */
export interface Rule extends JsonObject {
  readonly rule: string;
}

export interface CompiledRule {
  readonly rule: Rule;
  /** Absent where the rule is empty, or no program. */
  readonly program?: CelProgram;
  /** Why it is none. */
  readonly error?: string;
  readonly usesOldSelf: boolean;
  readonly message?: CelProgram;
  readonly messageError?: string;
}

export interface RulesOf {
  readonly type: CelType;
  readonly rules: readonly CompiledRule[];
}

const isRule = (value: unknown): value is Rule =>
  typeof value === 'object' && value !== null && typeof (value as Partial<Rule>).rule === 'string';

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** undefined where expressions cannot see values of the schema. `resource`: it is that of a whole object. */
export function compileRules(schema: Schema, resource: boolean): RulesOf | undefined {
  const type = celTypeOf(schema, { resource });
  if (!type) return undefined;
  const environments = new Map<boolean, CelEnvironment>();
  const environmentFor = ({ optionalOldSelf }: Rule): CelEnvironment => {
    const optional = optionalOldSelf === true;
    const environment =
      environments.get(optional) ??
      celEnvironment({ variables: { self: type, oldSelf: optional ? celTypes.optional(type) : type } });
    environments.set(optional, environment);
    return environment;
  };
  const rules = (schema.validations ?? []).filter(isRule).map((rule) => compileRule(rule, environmentFor(rule)));
  return { type, rules };
}

function compileRule(rule: Rule, environment: CelEnvironment): CompiledRule {
  if (rule.rule.trim() === '') return { rule, usesOldSelf: false };
  const program = compiled(environment, rule.rule, celTypes.bool, {
    check: 'compilation failed: ',
    result: 'cel expression must evaluate to a bool',
    program: 'program instantiation failed: ',
  });
  if (typeof program === 'string') return { rule, error: program, usesOldSelf: false };
  const usesOldSelf = program.uses.has('oldSelf');
  const expression = textOf(rule.messageExpression);
  if (expression === '') return { rule, program, usesOldSelf };
  const message = compiled(environment, expression, celTypes.string, {
    check: 'messageExpression compilation failed: ',
    result: 'messageExpression must evaluate to a string',
    program: 'messageExpression instantiation failed: ',
  });
  return { rule, program, usesOldSelf, ...(typeof message === 'string' ? { messageError: message } : { message }) };
}

type Texts = Readonly<Record<CelCompileError['stage'], string>>;

/** A program, or why it is none. */
function compiled(environment: CelEnvironment, text: string, result: CelType, texts: Texts): CelProgram | string {
  try {
    return environment.compile(text, [result]);
  } catch (error) {
    if (!(error instanceof CelCompileError)) throw error;
    return error.stage === 'result' ? texts.result : texts[error.stage] + error.message;
  }
}
