/** Statements as JavaScript closures; each block pays for its nodes when it is entered. */
import type { Block, Expression, Local, Statement, Variable } from '../ast.ts';
import { type Cell, type Frame, invoke } from '../run.ts';
import { type LuaValue, type LuaValues, toNumber, truthy } from '../value.ts';
import { storeField } from './access.ts';
import { compileCall, compileTailCall } from './call.ts';
import { broken, type Compiler, type Evaluate, type EvaluateAll, type Execute } from './context.ts';

export function compileBlock(compiler: Compiler, block: Block): Execute {
  const [statements, cost] = compiler.measured(() => block.statements.map((each) => compileStatement(compiler, each)));
  const price = cost + 1;
  const { line } = block;
  return (frame) => {
    frame.run.line = line;
    frame.run.spend(price);
    for (const execute of statements) {
      const signal = execute(frame);
      if (signal !== undefined) return signal;
    }
    return undefined;
  };
}

function compileStatement(compiler: Compiler, statement: Statement): Execute {
  compiler.count();
  switch (statement.type) {
    case 'declare':
      return compileDeclare(compiler, statement.locals, statement.values);
    case 'assign':
      return compileAssign(compiler, statement.targets, statement.values);
    case 'evaluate': {
      const call = compileCall(compiler, statement.call);
      return (frame) => {
        call(frame);
        return undefined;
      };
    }
    case 'do':
      return compiler.block(statement.block);
    case 'while':
    case 'repeat':
      return compileLoop(compiler, statement);
    case 'if':
      return compileIf(compiler, statement);
    case 'count':
      return compileCount(compiler, statement);
    case 'each':
      return compileEach(compiler, statement);
    case 'local function':
      return compileLocalFunction(compiler, statement);
    case 'return':
      return compileReturn(compiler, statement.values);
    case 'break':
      return () => broken;
  }
}

/** A new variable: a cell of its own each time when closures share it. */
function bind(frame: Frame, { slot, captured }: Local, value: LuaValue): void {
  frame.slots[slot] = captured ? ({ value } satisfies Cell) : value;
}

function compileDeclare(compiler: Compiler, locals: readonly Local[], values: readonly Expression[]): Execute {
  if (locals.length === 1 && values.length === 1) {
    const [local, value] = [locals[0]!, compiler.expression(values[0]!)];
    return (frame) => {
      bind(frame, local, value(frame));
      return undefined;
    };
  }
  const all = compiler.all(values);
  return (frame) => {
    const given = all(frame);
    for (const [at, local] of locals.entries()) bind(frame, local, given[at]);
    return undefined;
  };
}

/** Takes the new value; what is left of it is evaluated before. */
type Assign = (frame: Frame, value: LuaValue) => void;
type PrepareAssign = (frame: Frame) => Assign;

function compileName(name: Exclude<Variable, { type: 'index' }>): Assign {
  switch (name.type) {
    case 'local': {
      const { slot, captured } = name.local;
      if (!captured) {
        return (frame, value) => {
          frame.slots[slot] = value;
        };
      }
      return (frame, value) => {
        (frame.slots[slot] as Cell).value = value;
      };
    }
    case 'upvalue':
      return (frame, value) => {
        frame.upvalues[name.index]!.value = value;
      };
    case 'global':
      return ({ run }, value) => storeField(run, run.globals, name.name, value, 0);
  }
}

function compileAssign(compiler: Compiler, targets: readonly Variable[], values: readonly Expression[]): Execute {
  const [target] = targets;
  if (targets.length > 1 || values.length > 1) return compileAssignMany(compiler, targets, values);
  const value = compiler.expression(values[0]!);
  compiler.count();
  if (target!.type !== 'index') {
    const assign = compileName(target!);
    return (frame) => {
      assign(frame, value(frame));
      return undefined;
    };
  }
  const { line } = target!;
  const [object, key] = [compiler.expression(target!.object), compiler.expression(target!.key)];
  return (frame) => {
    const [where, name] = [object(frame), key(frame)];
    storeField(frame.run, where, name, value(frame), line);
    return undefined;
  };
}

function prepareAssign(compiler: Compiler, target: Variable): PrepareAssign {
  compiler.count();
  if (target.type !== 'index') {
    const assign = compileName(target);
    return () => assign;
  }
  const { line } = target;
  const [object, key] = [compiler.expression(target.object), compiler.expression(target.key)];
  return (frame) => {
    const [where, name] = [object(frame), key(frame)];
    return ({ run }, value) => storeField(run, where, name, value, line);
  };
}

/** Everything is evaluated before anything is assigned; the last target first, as the reference does. */
function compileAssignMany(compiler: Compiler, targets: readonly Variable[], values: readonly Expression[]): Execute {
  const prepared = targets.map((target) => prepareAssign(compiler, target));
  const all = compiler.all(values);
  return (frame) => {
    const assigns = prepared.map((prepare) => prepare(frame));
    const given = all(frame);
    for (let at = assigns.length - 1; at >= 0; at -= 1) assigns[at]!(frame, given[at]);
    return undefined;
  };
}

function compileIf(compiler: Compiler, statement: Extract<Statement, { type: 'if' }>): Execute {
  const clauses = statement.clauses.map(
    ({ condition, block }) => [compiler.expression(condition), compiler.block(block)] as const,
  );
  const otherwise = statement.otherwise && compiler.block(statement.otherwise);
  return (frame) => {
    for (const [condition, block] of clauses) if (truthy(condition(frame))) return block(frame);
    return otherwise?.(frame);
  };
}

function compileLoop(compiler: Compiler, statement: Extract<Statement, { type: 'while' | 'repeat' }>): Execute {
  const body = compiler.block(statement.block);
  const [condition, cost] = compiler.measured(() => compiler.expression(statement.condition));
  const testsFirst = statement.type === 'while';
  return (frame) => {
    for (;;) {
      frame.run.spend(cost);
      if (testsFirst && !truthy(condition(frame))) return undefined;
      const signal = body(frame);
      if (signal !== undefined) return signal === broken ? undefined : signal;
      if (!testsFirst && truthy(condition(frame))) return undefined;
    }
  };
}

function compileCount(compiler: Compiler, statement: Extract<Statement, { type: 'count' }>): Execute {
  const { local, line } = statement;
  const numberOf = (expression: Expression, what: string): ((frame: Frame) => number) => {
    const evaluate: Evaluate = compiler.expression(expression);
    return (frame) => {
      const number = toNumber(evaluate(frame));
      if (number === undefined) throw frame.run.errorAt(line, `for statement ${what} must be a number`);
      return number;
    };
  };
  const [from, to] = [numberOf(statement.from, 'init'), numberOf(statement.to, 'limit')];
  const by = statement.step ? numberOf(statement.step, 'step') : () => 1;
  const body = compiler.block(statement.block);
  return (frame) => {
    const [start, limit, step] = [from(frame), to(frame), by(frame)];
    for (let value = start; step > 0 ? value <= limit : value >= limit; value += step) {
      bind(frame, local, value);
      const signal = body(frame);
      if (signal !== undefined) return signal === broken ? undefined : signal;
    }
    return undefined;
  };
}

function compileEach(compiler: Compiler, statement: Extract<Statement, { type: 'each' }>): Execute {
  const { locals, line } = statement;
  const values: EvaluateAll = compiler.all(statement.values);
  const body = compiler.block(statement.block);
  return (frame) => {
    const [next, state, first] = values(frame);
    let control = first;
    for (;;) {
      frame.run.line = line;
      const given: LuaValues = invoke(frame.run, next, [state, control]);
      control = given[0];
      if (control === undefined) return undefined;
      for (const [at, local] of locals.entries()) bind(frame, local, given[at]);
      const signal = body(frame);
      if (signal !== undefined) return signal === broken ? undefined : signal;
    }
  };
}

/** The variable is there before the closure, which may share it. */
function compileLocalFunction(
  compiler: Compiler,
  { local, body }: Extract<Statement, { type: 'local function' }>,
): Execute {
  const closure = compiler.closure(body);
  return (frame) => {
    bind(frame, local, undefined);
    const value = closure(frame);
    if (local.captured) (frame.slots[local.slot] as Cell).value = value;
    else frame.slots[local.slot] = value;
    return undefined;
  };
}

function compileReturn(compiler: Compiler, values: readonly Expression[]): Execute {
  const [only] = values;
  if (values.length === 1 && (only!.type === 'call' || only!.type === 'method'))
    return compileTailCall(compiler, only!);
  return compiler.all(values);
}
