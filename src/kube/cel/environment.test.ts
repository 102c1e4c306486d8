import { describe, expect, test } from 'vitest';
import { celEnvironment, celPerCallLimit } from './environment.ts';
import { CelBudgetError, CelCompileError, CelEvaluationError } from './errors.ts';
import { celAuthorizer, celResourceCheck, type ResourceQuestion } from './library/authorizer.ts';
import { bindMacro } from './syntax/macros.ts';
import { celTypes } from './types.ts';
import { CelOptional } from './value/value.ts';

const environment = celEnvironment({ variables: { x: celTypes.int, text: celTypes.string } });

const compileError = (text: string, ...expected: Parameters<typeof environment.compile>[1] & object) => {
  try {
    environment.compile(text, expected.length > 0 ? expected : undefined);
  } catch (error) {
    if (error instanceof CelCompileError) return [error.stage, error.message];
    throw error;
  }
  return undefined;
};

describe('an environment', () => {
  test('compiles once and evaluates with other values', () => {
    const program = environment.compile('x * 2 > 4 && text.startsWith("a")', [celTypes.bool]);
    expect(program.resultType).toEqual(celTypes.bool);
    expect([...program.uses].sort()).toEqual(['text', 'x']);
    expect(program.evaluate({ x: 3, text: 'abc' })).toEqual({ value: true, cost: 5 });
    expect(program.evaluate({ x: 1, text: 'abc' })).toEqual({ value: false, cost: 3 });
  });

  test('says what is wrong, where, and at which stage', () => {
    expect(compileError('y + 1')).toEqual([
      'check',
      "ERROR: <input>:1:1: undeclared reference to 'y' (in container '')\n | y + 1\n | ^",
    ]);
    expect(compileError('x', celTypes.bool)).toEqual(['result', 'must evaluate to bool']);
    expect(compileError('x', celTypes.bool, celTypes.string)).toEqual([
      'result',
      'must evaluate to one of [bool string]',
    ]);
    expect(compileError('int("a") == x')).toEqual(['program', "type conversion error from 'string' to 'int'"]);
  });

  test('an evaluation that fails tells what it cost', () => {
    const program = environment.compile('x / 0 == 1');
    expect(() => program.evaluate({ x: 1 })).toThrow(new CelEvaluationError('division by zero', 3));
  });

  test('variables that are not given are an error', () => {
    expect(() => environment.compile('x').evaluate({})).toThrow('no such attribute(s): x');
  });

  test('no more is spent than the budget', () => {
    const program = environment.compile('[1, 2, 3].all(i, [1, 2, 3].all(j, i + j < x))');
    const { cost } = program.evaluate({ x: 100 });
    expect(program.evaluate({ x: 100 }, { budget: cost }).value).toBe(true);
    expect(() => program.evaluate({ x: 100 }, { budget: cost - 1 })).toThrow(CelBudgetError);
    const endless = environment.compile('lists.range(1000).all(i, lists.range(1000).all(j, i + j < x))');
    expect(endless.cost.max).toBeGreaterThan(celPerCallLimit);
    expect(() => endless.evaluate({ x: 100_000 })).toThrow(CelBudgetError);
  });

  test('cel.bind is there for those who ask for it', () => {
    const bound = celEnvironment({ variables: {}, libraries: [{ functions: [], macros: [bindMacro] }] });
    expect(bound.compile('cel.bind(a, 1 + 2, a * a)').evaluate({}).value).toBe(9);
    expect(compileError('cel.bind(a, 1, a)')?.[1]).toContain("undeclared reference to 'cel'");
  });

  test('optional syntax gives optionals', () => {
    const maps = celEnvironment({ variables: { m: celTypes.map(celTypes.string, celTypes.int) } });
    expect(maps.compile('{"a": 1}.?a').evaluate({}).value).toEqual(new CelOptional(1));
    expect(maps.compile('{"a": 1}.?b.orValue(7)').evaluate({}).value).toBe(7);
  });
});

test('an authorizer is asked what the expression says, of the request where it says no more', () => {
  const asked: ResourceQuestion[] = [];
  const hook = {
    checkResource: (question: ResourceQuestion) => {
      asked.push(question);
      return { allowed: question.verb === 'get', reason: 'because' };
    },
    checkPath: () => ({ allowed: false, reason: '' }),
    serviceAccount: () => hook,
  };
  const { compile } = celEnvironment({
    variables: { authorizer: celTypes.authorizer, request: celTypes.resourceCheck },
  });
  const variables = {
    authorizer: celAuthorizer(hook),
    request: celResourceCheck(hook, { group: 'apps', resource: 'deployments', namespace: 'ns' }),
  };
  const text =
    "request.check('get').allowed() && !authorizer.group('').resource('pods').name('p').check('delete').allowed()";
  expect(compile(text).evaluate(variables).value).toBe(true);
  const nothing = { subresource: '', namespace: '', name: '', fieldSelector: '', labelSelector: '' };
  expect(asked).toEqual([
    { ...nothing, group: 'apps', resource: 'deployments', namespace: 'ns', verb: 'get' },
    { ...nothing, group: '', resource: 'pods', name: 'p', verb: 'delete' },
  ]);
});
