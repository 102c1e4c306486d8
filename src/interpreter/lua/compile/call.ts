/** Calls, and lists of values of which the last may be many. */
import type { Call, Expression } from '../ast.ts';
import { type Frame, invoke, tailCall } from '../run.ts';
import { LuaFunction, type LuaValue, type LuaValues, nothing } from '../value.ts';
import { fieldOf } from './access.ts';
import type { Compiler, Evaluate, EvaluateAll } from './context.ts';

const isOpen = (expression: Expression | undefined): boolean =>
  expression?.type === 'call' || expression?.type === 'method' || expression?.type === 'vararg';

/** All values of a list: one of each, of the last all it gives. */
export function compileAll(compiler: Compiler, expressions: readonly Expression[]): EvaluateAll {
  const last = expressions.at(-1);
  if (!isOpen(last)) return compileFixed(expressions.map(compiler.expression));
  const rest = last!.type === 'vararg' ? (frame: Frame) => frame.varargs : compileCall(compiler, last as Call);
  compiler.count();
  if (expressions.length === 1) return rest;
  const first = expressions.slice(0, -1).map(compiler.expression);
  return (frame) => {
    const values = first.map((each) => each(frame));
    const more = rest(frame);
    frame.run.spend(more.length);
    return values.concat(more);
  };
}

function compileFixed(values: readonly Evaluate[]): EvaluateAll {
  const [first, second] = values;
  if (!first) return () => nothing;
  if (!second) return (frame) => [first(frame)];
  if (values.length === 2) return (frame) => [first(frame), second(frame)];
  return (frame) => values.map((each) => each(frame));
}

/** Whom a call calls, and with what. */
type Prepare = (frame: Frame) => { readonly callee: LuaValue; readonly args: LuaValues };

function prepareMethod(compiler: Compiler, call: Extract<Call, { type: 'method' }>): Prepare {
  const { name, line } = call;
  const [object, args] = [compiler.expression(call.object), compiler.all(call.args)];
  return (frame) => {
    const self = object(frame);
    const callee = fieldOf(frame.run, self, name, line);
    const given = args(frame);
    frame.run.spend(given.length);
    return { callee, args: [self, ...given] };
  };
}

export function compileCall(compiler: Compiler, call: Call): EvaluateAll {
  const { line } = call;
  if (call.type === 'method') {
    const prepare = prepareMethod(compiler, call);
    return (frame) => {
      const { callee, args } = prepare(frame);
      frame.run.line = line;
      return invoke(frame.run, callee, args);
    };
  }
  const [callee, args] = [compiler.expression(call.callee), compiler.all(call.args)];
  return (frame) => {
    const called = callee(frame);
    const given = args(frame);
    frame.run.line = line;
    return invoke(frame.run, called, given);
  };
}

/** `return f(x)`: the frame is left before the call is made, so that such recursion has no end of its own. */
export function compileTailCall(compiler: Compiler, call: Call): EvaluateAll {
  const { line } = call;
  compiler.count();
  const prepare: Prepare = call.type === 'method' ? prepareMethod(compiler, call) : prepareCall(compiler, call);
  return (frame) => {
    const next = prepare(frame);
    frame.run.line = line;
    // A library's function keeps the frame: `error` counts levels from it.
    if (!(next.callee instanceof LuaFunction && next.callee.scripted)) return invoke(frame.run, next.callee, next.args);
    frame.run.next = next;
    return tailCall;
  };
}

function prepareCall(compiler: Compiler, call: Extract<Call, { type: 'call' }>): Prepare {
  const [callee, args] = [compiler.expression(call.callee), compiler.all(call.args)];
  return (frame) => {
    const called = callee(frame);
    return { callee: called, args: args(frame) };
  };
}
