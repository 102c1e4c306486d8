/** The table library. */

import { lessThan } from '../compile/operators.ts';
import { invoke, type Run } from '../run.ts';
import type { LuaTable } from '../table.ts';
import { formatNumber, type LuaValue, type LuaValues, nothing, truthy, typeName } from '../value.ts';
import { type Call, functionsOf } from './arguments.ts';

function lengthOf(run: Run, table: LuaTable): number {
  run.spend(table.lengthCost);
  return table.length;
}

function insert(call: Call): LuaValues {
  const { run, args } = call;
  const table = call.table(1);
  const length = lengthOf(run, table);
  if (args.length === 2) run.store(table, length + 1, args[1]);
  else if (args.length === 3) {
    const position = call.integer(2);
    run.spend(Math.max(0, length - position));
    for (let at = length; at >= position; at -= 1) run.store(table, at + 1, table.get(at));
    run.store(table, position, args[2]);
  } else throw run.error("wrong number of arguments to 'insert'");
  return nothing;
}

function remove(call: Call): LuaValues {
  const { run } = call;
  const table = call.table(1);
  const length = lengthOf(run, table);
  const position = call.optionalInteger(2, length);
  if (position < 1 || position > length) return [undefined];
  const value = table.get(position);
  run.spend(length - position);
  for (let at = position; at < length; at += 1) run.store(table, at, table.get(at + 1));
  table.set(length, undefined);
  return [value];
}

function concat(call: Call): LuaValues {
  const { run } = call;
  const table = call.table(1);
  const separator = call.at(2) === undefined ? '' : call.string(2);
  const [from, to] = [call.optionalInteger(3, 1), call.optionalInteger(4, lengthOf(run, table))];
  const parts: string[] = [];
  for (let at = from; at <= to; at += 1) {
    run.spend(2);
    const value = table.get(at);
    if (typeof value !== 'string' && typeof value !== 'number') {
      throw run.error(`invalid value (${typeName(value)}) at index ${at} in table for concat`);
    }
    const part = typeof value === 'number' ? formatNumber(value) : value;
    run.allocateText(part.length + separator.length);
    parts.push(part);
  }
  return [parts.join(separator)];
}

/** By merging: a comparison that contradicts itself gives some order, and ends. */
function sort(call: Call): LuaValues {
  const { run } = call;
  const table = call.table(1);
  const by = call.at(2) === undefined ? undefined : call.function(2);
  const values = table.array.slice();
  run.spend(values.length);
  run.allocate(values.length * 8);
  const { line } = run;
  const before = (left: LuaValue, right: LuaValue): boolean => {
    run.spend(1);
    run.line = line;
    return by ? truthy(invoke(run, by, [left, right])[0]) : lessThan(run, left, right, line);
  };
  const sorted = merged(values, before);
  for (const [at, value] of sorted.entries()) table.set(at + 1, value);
  return nothing;
}

function merged(values: readonly LuaValue[], before: (left: LuaValue, right: LuaValue) => boolean): LuaValues {
  if (values.length < 2) return values;
  const middle = values.length >> 1;
  const [left, right] = [merged(values.slice(0, middle), before), merged(values.slice(middle), before)];
  const result: LuaValue[] = [];
  let [i, j] = [0, 0];
  while (i < left.length && j < right.length) {
    if (before(right[j], left[i])) result.push(right[j++]);
    else result.push(left[i++]);
  }
  while (i < left.length) result.push(left[i++]);
  while (j < right.length) result.push(right[j++]);
  return result;
}

function maxn(call: Call): LuaValues {
  const table = call.table(1);
  call.run.spend(table.size);
  let largest = table.array.length;
  for (const key of table.map?.keys() ?? []) if (typeof key === 'number' && key > largest) largest = key;
  return [largest];
}

export const tableLibrary: ReadonlyMap<string, LuaValue> = functionsOf({
  concat,
  getn: (call) => [lengthOf(call.run, call.table(1))],
  insert,
  maxn,
  remove,
  sort,
});
