/** What library functions are given: read, checked, and refused in the reference's words. */
import type { Run } from '../run.ts';
import { LuaTable } from '../table.ts';
import { formatNumber, LuaFunction, type LuaValue, type LuaValues, toNumber, typeName } from '../value.ts';

type Library = Readonly<Record<string, (call: Call) => LuaValues>>;

/** One call of a library function. Positions count from 1. */
export class Call {
  readonly run: Run;
  readonly name: string;
  readonly args: LuaValues;

  constructor(run: Run, name: string, args: LuaValues) {
    this.run = run;
    this.name = name;
    this.args = args;
  }

  wrong(position: number, why: string): unknown {
    return this.run.error(`bad argument #${position} to ${this.name} (${why})`);
  }

  #expected(position: number, type: string): unknown {
    return this.wrong(position, `${type} expected, got ${typeName(this.args[position - 1])}`);
  }

  at(position: number): LuaValue {
    return this.args[position - 1];
  }

  any(position: number): LuaValue {
    if (position > this.args.length) throw this.wrong(position, 'value expected');
    return this.args[position - 1];
  }

  table(position: number): LuaTable {
    const value = this.args[position - 1];
    if (value instanceof LuaTable) return value;
    throw this.#expected(position, 'table');
  }

  function(position: number): LuaFunction {
    const value = this.args[position - 1];
    if (value instanceof LuaFunction) return value;
    throw this.#expected(position, 'function');
  }

  number(position: number): number {
    const number = toNumber(this.args[position - 1]);
    if (number !== undefined) return number;
    throw this.#expected(position, 'number');
  }

  optionalNumber(position: number): number | undefined {
    return this.args[position - 1] === undefined ? undefined : this.number(position);
  }

  /** Cut to a whole number; what is none becomes 0. */
  integer(position: number): number {
    return whole(this.number(position));
  }

  optionalInteger(position: number, otherwise: number): number {
    return this.args[position - 1] === undefined ? otherwise : this.integer(position);
  }

  /** Numbers count as the strings they are written as. */
  string(position: number): string {
    const value = this.args[position - 1];
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return formatNumber(value);
    throw this.#expected(position, 'string');
  }
}

const whole = (value: number): number => {
  if (Number.isNaN(value)) return 0;
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Math.trunc(value)));
};

/** Named functions as the entries of a library's table. */
export const functionsOf = (library: Library): Map<string, LuaValue> =>
  new Map(
    Object.entries(library).map(([name, body]) => [
      name,
      new LuaFunction((run, args) => {
        run.spend(1);
        return body(new Call(run, name, args));
      }),
    ]),
  );
