/** A tree as something that runs: functions, and the compiler that its parts share. */
import type { FunctionBody, Upvalue } from '../ast.ts';
import { type Cell, type Frame, type Run, tableBytes } from '../run.ts';
import { LuaFunction, type LuaValues, nothing } from '../value.ts';
import { compileAll } from './call.ts';
import type { Compiler, Evaluate, Execute } from './context.ts';
import { compileExpression } from './expression.ts';
import { compileBlock } from './statement.ts';

/** The main chunk's function, to be made anew for each run. */
export function compileChunk(body: FunctionBody): () => LuaFunction {
  const instantiate = compileFunction(newCompiler(), body);
  return () => instantiate([]);
}

function newCompiler(): Compiler {
  let counted = 0;
  const compiler: Compiler = {
    expression: (expression) => compileExpression(compiler, expression),
    all: (expressions) => compileAll(compiler, expressions),
    block: (block) => compileBlock(compiler, block),
    closure: (body) => compileClosure(compiler, body),
    count: () => {
      counted += 1;
    },
    measured: (compile) => {
      const before = counted;
      counted = 0;
      const result = compile();
      const cost = counted;
      counted = before;
      return [result, cost];
    },
  };
  return compiler;
}

function compileClosure(compiler: Compiler, body: FunctionBody): Evaluate {
  const instantiate = compileFunction(compiler, body);
  const find = body.upvalues.map(
    (upvalue: Upvalue) => (frame: Frame) =>
      'local' in upvalue ? (frame.slots[upvalue.local.slot] as Cell) : frame.upvalues[upvalue.outer]!,
  );
  return (frame) => {
    frame.run.allocate(tableBytes);
    return instantiate(find.map((cell) => cell(frame)));
  };
}

function compileFunction(compiler: Compiler, body: FunctionBody): (upvalues: readonly Cell[]) => LuaFunction {
  const block = compiler.block(body.block);
  return (upvalues) => new LuaFunction((run, args) => enter(run, body, block, upvalues, args), true);
}

/** Runs a function's block in a frame of its own; after an error whoever catches it puts `depth` and `frame` right. */
function enter(run: Run, body: FunctionBody, block: Execute, upvalues: readonly Cell[], args: LuaValues): LuaValues {
  if (run.depth >= run.depthLimit) throw run.error('stack overflow');
  const { parameters } = body;
  const slots: unknown[] = [];
  for (let at = 0; at < parameters.length; at += 1) {
    slots[at] = parameters[at]!.captured ? ({ value: args[at] } satisfies Cell) : args[at];
  }
  const varargs = body.vararg && args.length > parameters.length ? args.slice(parameters.length) : nothing;
  run.spend(varargs.length);
  const frame: Frame = { run, slots, upvalues, varargs, caller: run.frame, callLine: run.line };
  run.frame = frame;
  run.depth += 1;
  const results = block(frame);
  run.depth -= 1;
  run.frame = frame.caller;
  return results ?? nothing;
}
