/** Every line the real CEL of kube-apiserver has answered, answered the same: texts, values and both costs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../meta/object.ts';
import { schemaFromOpenApi } from '../openapi/read.ts';
import { celEnvironment } from './environment.ts';
import { CelBudgetError, CelCompileError, CelEvaluationError } from './errors.ts';
import { type AuthorizationAnswer, type AuthorizerHook, celAuthorizer } from './library/authorizer.ts';
import { mutation } from './library/mutation.ts';
import { literalText } from './literal-text.fixture.ts';
import { celTypeOf, celValueOf, celValueOfJson } from './schema-type.ts';
import { type CelType, celTypes, formatType } from './types.ts';
import type { CelValue } from './value/value.ts';

interface Case {
  readonly expression: string;
  readonly ground?: string;
  readonly library?: 'mutation';
  readonly compileError?: string;
  readonly programError?: string;
  readonly type?: string;
  readonly result?: string;
  readonly error?: string;
  readonly cost?: number;
  readonly estimate?: readonly [string, string];
  readonly panic?: true;
}

interface Ground {
  readonly schema?: JsonObject;
  readonly self?: JsonValue;
}

const text = (name: string) => readFileSync(join(import.meta.dirname, 'testdata', name), 'utf8');
const grounds = JSON.parse(text('grounds.json')) as Readonly<Record<string, Ground>>;
const cases: readonly Case[] = text('expressions.jsonl')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

/** Lets anybody get, and service accounts everything in the group apps; a path that is broken has no answer. */
function authorizer(user: string): AuthorizerHook {
  const answer = (verb: string, group: string, about: string): AuthorizationAnswer =>
    verb === 'get' || (user !== 'alice' && group === 'apps')
      ? { allowed: true, reason: `allowed: ${verb} ${about}` }
      : { allowed: false, reason: `${user} may not` };
  return {
    checkPath: (path, verb) =>
      path === '/broken' ? { allowed: false, reason: '', error: 'no answer' } : answer(verb, '', `/ /${path}`),
    checkResource: ({ verb, group, resource, subresource, namespace, name }) =>
      answer(verb, group, `${resource}/${subresource} ${namespace}/${name}`),
    serviceAccount: (namespace, name) => authorizer(`system:serviceaccount:${namespace}:${name}`),
  };
}

type Outcome = Omit<Case, 'expression' | 'ground' | 'library'>;

/** What our implementation makes of a case, in the oracle's words. */
/** Read once, as a server does: what is known of a schema is remembered with it. */
const schemas = new Map(
  Object.entries(grounds).map(([name, { schema }]) => [name, schema && schemaFromOpenApi(schema)]),
);

function outcome({ expression, ground = '', library }: Case): Outcome {
  const read = schemas.get(ground);
  const { self } = grounds[ground] ?? {};
  const type: CelType = (read && celTypeOf(read)) ?? celTypes.dyn;
  const environment = celEnvironment({
    variables: { authorizer: celTypes.authorizer, self: type, oldSelf: type },
    libraries: library === 'mutation' ? [mutation] : [],
  });
  try {
    const program = environment.compile(expression);
    const estimate = [program.cost.min, program.cost.max];
    return { type: formatType(program.resultType), estimate: estimate.map(String) as never, ...run(program) };
  } catch (error) {
    if (error instanceof CelCompileError)
      return error.stage === 'program'
        ? { programError: error.message }
        : { compileError: firstSyntaxError(error.message) };
    throw error;
  }

  function run(program: ReturnType<typeof environment.compile>): Outcome {
    try {
      const value = (read ? celValueOf(self ?? null, read) : celValueOfJson(self ?? null)) as CelValue;
      const result = program.evaluate({ self: value, oldSelf: value, authorizer: celAuthorizer(authorizer('alice')) });
      return { result: literalText(result.value), cost: result.cost };
    } catch (error) {
      if (error instanceof CelEvaluationError || error instanceof CelBudgetError)
        return { error: error.message, cost: error.cost };
      throw error;
    }
  }
}

/**
 * The oracle's answer as ours can be: limits as doubles, and of syntax errors the first, for the parser upstream has goes
 * on guessing behind it.
 */
function expected({ expression: _e, ground: _g, library: _l, estimate, type, ...rest }: Case): Outcome {
  if (rest.programError) return rest;
  if (rest.compileError) return { compileError: firstSyntaxError(rest.compileError) };
  return { ...rest, type, estimate: estimate!.map((limit) => String(Number(limit))) as never };
}

const firstSyntaxError = (text: string): string => (text.includes('Syntax error') ? text.split('\nERROR:')[0]! : text);

/** Cases that came out otherwise, each with both answers. */
const differences = (some: readonly Case[]) =>
  some
    .filter(({ panic }) => !panic)
    .map((each) => ({ ...pick(each), ours: outcome(each), theirs: expected(each) }))
    .filter(({ ours, theirs }) => !isDeepStrictEqual(withoutGaps(ours), withoutGaps(theirs)));

const pick = ({ expression, ground }: Case) => ({ expression, ground });
const withoutGaps = (value: Outcome) => JSON.parse(JSON.stringify(value)) as unknown;

/** One test for each ground: thousands of tests would take longer than what they test. */
const byGround = Map.groupBy(cases, ({ ground = 'nothing' }) => ground);

describe('as the CEL of kube-apiserver', () => {
  test('there is a table', () => expect(cases.length).toBeGreaterThan(2000));
  test.each([...byGround])('%s', (_ground, some) => expect(differences(some)).toEqual([]));
});
