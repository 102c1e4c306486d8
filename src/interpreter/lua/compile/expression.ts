/** Expressions as JavaScript closures over the frame. */
import type { Expression, Variable } from '../ast.ts';
import { type Cell, type Frame, type Run, tableBytes } from '../run.ts';
import { LuaTable } from '../table.ts';
import { type LuaValue, type LuaValues, truthy } from '../value.ts';
import { fieldOf, storeField } from './access.ts';
import { compileCall } from './call.ts';
import type { Compiler, Evaluate } from './context.ts';
import { binary, concat, length, minus } from './operators.ts';

export function compileExpression(compiler: Compiler, expression: Expression): Evaluate {
  compiler.count();
  switch (expression.type) {
    case 'constant': {
      const { value } = expression;
      return () => value;
    }
    case 'local':
    case 'upvalue':
    case 'global':
      return compileName(expression);
    case 'index':
      return compileIndex(compiler, expression);
    case 'call':
    case 'method': {
      const call = compileCall(compiler, expression);
      return (frame) => call(frame)[0];
    }
    case 'vararg':
      return (frame) => frame.varargs[0];
    case 'function':
      return compiler.closure(expression.body);
    case 'parentheses':
      return compiler.expression(expression.inner);
    case 'table':
      return compileTable(compiler, expression);
    default:
      return compileOperation(compiler, expression);
  }
}

type Operation = Extract<Expression, { type: 'and' | 'or' | 'not' | 'minus' | 'length' | 'concat' | 'binary' }>;

function compileOperation(compiler: Compiler, expression: Operation): Evaluate {
  switch (expression.type) {
    case 'and':
    case 'or': {
      const stopsAt = expression.type === 'or';
      const [left, right] = [compiler.expression(expression.left), compiler.expression(expression.right)];
      return (frame) => {
        const value = left(frame);
        return truthy(value) === stopsAt ? value : right(frame);
      };
    }
    case 'not': {
      const operand = compiler.expression(expression.operand);
      return (frame) => !truthy(operand(frame));
    }
    case 'minus':
      return minus(compiler.expression(expression.operand), expression.line);
    case 'length':
      return length(compiler.expression(expression.operand), expression.line);
    case 'concat':
      return concat(expression.parts.map(compiler.expression), expression.line);
    case 'binary': {
      const [left, right] = [compiler.expression(expression.left), compiler.expression(expression.right)];
      return binary(expression.operator, left, right, expression.line);
    }
  }
}

function compileName(name: Exclude<Variable, { type: 'index' }>): Evaluate {
  switch (name.type) {
    case 'local': {
      const { slot, captured } = name.local;
      return captured ? (frame) => (frame.slots[slot] as Cell).value : (frame) => frame.slots[slot] as LuaValue;
    }
    case 'upvalue':
      return (frame) => frame.upvalues[name.index]!.value;
    case 'global':
      return (frame) => frame.run.globals.get(name.name);
  }
}

function compileIndex(compiler: Compiler, expression: Extract<Variable, { type: 'index' }>): Evaluate {
  const { line } = expression;
  const object = compiler.expression(expression.object);
  if (expression.key.type === 'constant') {
    const key = expression.key.value;
    return (frame) => {
      const value = object(frame);
      return value instanceof LuaTable ? value.get(key) : fieldOf(frame.run, value, key, line);
    };
  }
  const key = compiler.expression(expression.key);
  return (frame) => {
    const value = object(frame);
    return fieldOf(frame.run, value, key(frame), line);
  };
}

type FieldSetter = (frame: Frame, table: LuaTable) => void;

function compileTable(compiler: Compiler, expression: Extract<Expression, { type: 'table' }>): Evaluate {
  const { line } = expression;
  let position = 0;
  const setters = expression.fields.map(({ key, value }, at): FieldSetter => {
    if (key) {
      const [name, content] = [compiler.expression(key), compiler.expression(value)];
      return (frame, table) => storeField(frame.run, table, name(frame), content(frame), line);
    }
    position += 1;
    const index = position;
    const open = value.type === 'call' || value.type === 'method' || value.type === 'vararg';
    if (open && at === expression.fields.length - 1) {
      const rest = compiler.all([value]);
      return (frame, table) => append(frame.run, table, index, rest(frame));
    }
    const content = compiler.expression(value);
    return (frame, table) => frame.run.store(table, index, content(frame));
  });
  return (frame) => {
    frame.run.line = line;
    frame.run.allocate(tableBytes);
    const table = new LuaTable();
    for (const set of setters) set(frame, table);
    return table;
  };
}

function append(run: Run, table: LuaTable, from: number, values: LuaValues): void {
  run.spend(values.length);
  for (let at = 0; at < values.length; at += 1) run.store(table, from + at, values[at]);
}
