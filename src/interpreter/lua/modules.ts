/** Modules that the host gives to scripts: functions over JSON, reached by `require`. */
import type { JsonValue } from '#kube/meta/object.ts';
import { toJson, weigh } from './json.ts';
import { fromJson, LuaTable } from './table.ts';
import { LuaFunction } from './value.ts';

/** What it throws is an error of the script, which sees the message. */
export type HostFunction = (args: readonly JsonValue[]) => JsonValue;
export type LuaModules = Readonly<Record<string, Readonly<Record<string, HostFunction>>>>;

/** What a call costs besides the size of what it is given: it works in JavaScript, out of the budget's sight. */
const callCost = 100;

export function moduleTable(functions: Readonly<Record<string, HostFunction>>): LuaTable {
  const table = new LuaTable();
  for (const [name, call] of Object.entries(functions)) {
    const body = new LuaFunction(name, (run, args) => {
      const { line } = run;
      run.spend(callCost);
      const given = args.map((each) => toJson(run, each));
      for (const each of given) weigh(run, each);
      run.line = line;
      try {
        return [fromJson(call(given))];
      } catch (error) {
        if (error instanceof Error && !(error instanceof RangeError)) throw run.error(error.message);
        throw error;
      }
    });
    table.set(name, body);
  }
  return table;
}
