/** Function calls: which implementation runs, what it costs, and what happens to arguments that are errors. */

import type { CallReference } from '../check/checked.ts';
import { type CallCost, callCost, isLate } from '../cost/runtime.ts';
import { CelCompileError } from '../errors.ts';
import type { FunctionDeclaration, Overload, Run } from '../library/declare.ts';
import { accepts, kindName } from '../value/kind.ts';
import { CelError, type CelValue, type Evaluated } from '../value/value.ts';
import type { Comparer } from './comparison.ts';
import type { Frame, Step } from './frame.ts';
import { constantOf, isConstant, type Planned } from './planned.ts';

/** Conversions of constants are made once, when the program is. */
const conversions: ReadonlySet<string> = new Set(
  'bool bytes double duration dyn int string timestamp type uint'.split(' '),
);

export function planCall({ declaration, overloads }: CallReference, args: readonly Planned[]): Planned {
  const id = overloads.length === 1 ? overloads[0] : undefined;
  const overload = declaration.overloads.find((each) => each.id === id);
  const run = implementation(declaration, overload);
  const [only] = args;
  if (args.length === 1 && only && isConstant(only) && conversions.has(declaration.name)) {
    const value = run(only.constant);
    if (value instanceof CelError) throw new CelCompileError('program', value.message);
    return constantOf(value);
  }
  const steps = args.map(({ step }) => step);
  const cost = callCost(declaration.name, id);
  return { step: callStep(steps, run, cost, stopsEarly(declaration, overload, args)) };
}

/**
 * Functions of many arguments, and those several overloads of which may be meant, stop at the first argument that is an
 * error, and then cost nothing unless it was the last. Others evaluate all arguments.
 */
function stopsEarly(
  declaration: FunctionDeclaration,
  overload: Overload | undefined,
  args: readonly Planned[],
): boolean {
  if (args.length > 2 || overload?.id === 'string_format') return true;
  if (['matches', 'find', 'findAll'].includes(declaration.name) && typeof args[1]?.constant === 'string') return true;
  return overload === undefined && !declaration.run && declaration.overloads.length > 1;
}

function implementation(declaration: FunctionDeclaration, overload: Overload | undefined): Run {
  if (declaration.run) return declaration.run;
  if (overload?.run) return declaration.unguarded ? overload.run : guarded(declaration.name, overload, overload.run);
  return dispatch(declaration);
}

function guarded(name: string, overload: Overload, run: Run): Run {
  const { args } = overload;
  if (args.length === 1) return (value) => (accepts(args[0]!, value!) ? run(value!) : refused(name, [value!]));
  if (args.length === 2)
    return (left, right) =>
      accepts(args[0]!, left!) && accepts(args[1]!, right!) ? run(left!, right!) : refused(name, [left!, right!]);
  return (...values) =>
    args.every((type, index) => accepts(type, values[index]!)) ? run(...values) : refused(name, values);
}

/** Whichever overload takes the values that are there. */
function dispatch({ name, overloads, unguarded }: FunctionDeclaration): Run {
  return (...values) => {
    for (const { args, run } of overloads) {
      if (!run || args.length !== values.length) continue;
      if (unguarded || args.every((type, index) => accepts(type, values[index]!))) return run(...values);
    }
    return refused(name, values);
  };
}

const refused = (name: string, values: readonly CelValue[]): CelError =>
  new CelError(`no such overload: ${name}(${values.map(kindName).join(', ')})`);

function callStep(steps: readonly Step[], run: Run, cost: CallCost, early: boolean): Step {
  if (steps.length === 1) return unaryStep(steps[0]!, run, cost);
  if (steps.length === 2 && !early) return binaryStep(steps[0]!, steps[1]!, run, cost);
  return (frame) => {
    const values: Evaluated[] = [];
    let failed: CelError | undefined;
    for (const [index, step] of steps.entries()) {
      const value = step(frame);
      values.push(value);
      if (!(value instanceof CelError)) continue;
      failed ??= value;
      if (early && index < steps.length - 1) return value;
    }
    return finish(frame, cost, values, () => failed ?? run(...(values as CelValue[])));
  };
}

/** What costs by its arguments is paid before it runs, what costs by its result after. */
function finish(frame: Frame, cost: CallCost, values: readonly Evaluated[], run: () => Evaluated): Evaluated {
  if (typeof cost === 'number') frame.charge(cost);
  else if (!isLate(cost)) frame.charge(cost(values, null));
  const result = run();
  if (typeof cost === 'function' && isLate(cost)) frame.charge(cost(values, result));
  return result;
}

function unaryStep(arg: Step, run: Run, cost: CallCost): Step {
  if (typeof cost === 'number')
    return (frame) => {
      const value = arg(frame);
      frame.charge(cost);
      return value instanceof CelError ? value : run(value);
    };
  return (frame) => {
    const value = arg(frame);
    return finish(frame, cost, [value], () => (value instanceof CelError ? value : run(value)));
  };
}

/** A call of two values that are there already. */
export function comparer({ declaration, overloads }: CallReference): Comparer {
  const run = implementation(declaration, undefined);
  const cost = callCost(declaration.name, overloads.length === 1 ? overloads[0] : undefined);
  return (frame, left, right) =>
    finish(frame, cost, [left, right], () => {
      if (left instanceof CelError) return left;
      return right instanceof CelError ? right : run(left, right);
    });
}

function binaryStep(left: Step, right: Step, run: Run, cost: CallCost): Step {
  const call = (first: Evaluated, second: Evaluated): Evaluated => {
    if (first instanceof CelError) return first;
    return second instanceof CelError ? second : run(first, second);
  };
  if (typeof cost === 'number')
    return (frame) => {
      const first = left(frame);
      const second = right(frame);
      frame.charge(cost);
      return call(first, second);
    };
  return (frame) => {
    const first = left(frame);
    const second = right(frame);
    return finish(frame, cost, [first, second], () => call(first, second));
  };
}
