/** Arithmetic, comparison, concatenation and length as 5.1 defines them, with the messages of the reference. */
import type { BinaryOperator } from '../ast.ts';
import type { Run } from '../run.ts';
import { LuaTable } from '../table.ts';
import { formatNumber, type LuaValue, toNumber, typeName } from '../value.ts';
import type { Evaluate } from './context.ts';

/** The remainder has the sign of the divisor. */
export function modulo(left: number, right: number): number {
  const rest = left % right;
  return rest !== 0 && rest < 0 !== right < 0 ? rest + right : rest;
}

type Arithmetic = (left: number, right: number) => number;

const arithmetic: ReadonlyMap<BinaryOperator, readonly [name: string, compute: Arithmetic]> = new Map<
  BinaryOperator,
  readonly [string, Arithmetic]
>([
  ['+', ['add', (left, right) => left + right]],
  ['-', ['sub', (left, right) => left - right]],
  ['*', ['mul', (left, right) => left * right]],
  ['/', ['div', (left, right) => left / right]],
  ['%', ['mod', modulo]],
  ['^', ['pow', (left, right) => left ** right]],
]);

/** Strings that say numbers count as numbers. */
function coerced(run: Run, line: number, name: string, compute: Arithmetic, left: LuaValue, right: LuaValue): number {
  const [a, b] = [toNumber(left), toNumber(right)];
  if (a !== undefined && b !== undefined) return compute(a, b);
  throw run.errorAt(line, `cannot perform ${name} operation between ${typeName(left)} and ${typeName(right)}`);
}

/** Strings by their bytes. */
export function lessThan(run: Run, left: LuaValue, right: LuaValue, line: number): boolean {
  if (typeof left === 'number' && typeof right === 'number') return left < right;
  if (typeof left === 'string' && typeof right === 'string') {
    run.spend(Math.min(left.length, right.length) >> 5);
    return left < right;
  }
  throw run.errorAt(line, `attempt to compare ${typeName(left)} with ${typeName(right)}`);
}

function atMost(run: Run, left: LuaValue, right: LuaValue, line: number): boolean {
  if (typeof left === 'number' && typeof right === 'number') return left <= right;
  if (typeof left === 'string' && typeof right === 'string') {
    run.spend(Math.min(left.length, right.length) >> 5);
    return left <= right;
  }
  throw run.errorAt(line, `attempt to compare ${typeName(left)} with ${typeName(right)}`);
}

/** Strings of one length may have to be read to their ends. */
function isSame(run: Run, left: LuaValue, right: LuaValue): boolean {
  if (typeof left === 'string' && typeof right === 'string' && left.length === right.length) {
    run.spend(left.length >> 5);
  }
  return left === right;
}

export function binary(operator: BinaryOperator, left: Evaluate, right: Evaluate, line: number): Evaluate {
  switch (operator) {
    case '==':
      return (frame) => isSame(frame.run, left(frame), right(frame));
    case '~=':
      return (frame) => !isSame(frame.run, left(frame), right(frame));
    case '<':
      return (frame) => lessThan(frame.run, left(frame), right(frame), line);
    case '<=':
      return (frame) => atMost(frame.run, left(frame), right(frame), line);
    case '>':
      return (frame) => {
        const value = left(frame);
        return lessThan(frame.run, right(frame), value, line);
      };
    case '>=':
      return (frame) => {
        const value = left(frame);
        return atMost(frame.run, right(frame), value, line);
      };
    default:
      return calculation(operator, left, right, line);
  }
}

function calculation(operator: BinaryOperator, left: Evaluate, right: Evaluate, line: number): Evaluate {
  const [name, compute] = arithmetic.get(operator)!;
  if (operator === '+') {
    return (frame) => {
      const [a, b] = [left(frame), right(frame)];
      return typeof a === 'number' && typeof b === 'number' ? a + b : coerced(frame.run, line, name, compute, a, b);
    };
  }
  return (frame) => {
    const [a, b] = [left(frame), right(frame)];
    return typeof a === 'number' && typeof b === 'number'
      ? compute(a, b)
      : coerced(frame.run, line, name, compute, a, b);
  };
}

export function minus(operand: Evaluate, line: number): Evaluate {
  return (frame) => {
    const value = operand(frame);
    const number = typeof value === 'number' ? value : toNumber(value);
    if (number === undefined) throw frame.run.errorAt(line, '__unm undefined');
    return -number;
  };
}

export function length(operand: Evaluate, line: number): Evaluate {
  return (frame) => {
    const value = operand(frame);
    if (typeof value === 'string') return value.length;
    if (!(value instanceof LuaTable)) throw frame.run.errorAt(line, '__len undefined');
    frame.run.spend(value.lengthCost);
    return value.length;
  };
}

/** Counted before it grows. */
export function concat(parts: readonly Evaluate[], line: number): Evaluate {
  return (frame) => {
    const values = parts.map((part) => part(frame));
    let result = '';
    frame.run.line = line;
    // From the right, as `..` associates: the pair that fails first is named.
    for (let at = values.length - 1; at >= 0; at -= 1) {
      const value = values[at];
      if (typeof value !== 'string' && typeof value !== 'number') {
        throw frame.run.errorAt(line, wrongParts(values, at));
      }
      const text = typeof value === 'number' ? formatNumber(value) : value;
      frame.run.allocateText(text.length);
      result = text + result;
    }
    return result;
  };
}

function wrongParts(values: readonly LuaValue[], at: number): string {
  const [left, right] = at === values.length - 1 ? [values[at - 1], values[at]] : [values[at], values[at + 1]];
  return `cannot perform concat operation between ${typeName(left)} and ${typeName(right)}`;
}
