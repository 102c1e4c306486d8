/** Modules that the host gives to scripts: functions over JSON, reached by `require`. */
import type { JsonValue } from '#kube/meta/object.ts';
import { isStackOverflow } from './error.ts';
import { toJson, weigh } from './json.ts';
import { fromJson, LuaTable } from './table.ts';
import { LuaFunction } from './value.ts';

/** What it throws is an error of the script, which sees the message. */
export type HostFunction = (args: readonly JsonValue[]) => JsonValue;
export type LuaModule = Readonly<Record<string, HostFunction>>;
export type LuaModules = Readonly<Record<string, LuaModule>>;

/** What a call costs besides the size of what it is given: it works in JavaScript, out of the budget's sight. */
const callCost = 100;

/** Made once for each module: every run requires them anew. */
const templates = new WeakMap<LuaModule, ReadonlyMap<string, LuaFunction>>();

/** A table of a run's own over the module's functions. */
export function moduleTable(module: LuaModule): LuaTable {
  let template = templates.get(module);
  if (!template) {
    template = new Map(Object.entries(module).map(([name, call]) => [name, hostFunction(call)]));
    templates.set(module, template);
  }
  return new LuaTable(undefined, template);
}

const hostFunction = (call: HostFunction): LuaFunction =>
  new LuaFunction((run, args) => {
    const { line } = run;
    run.spend(callCost);
    const given = args.map((each) => toJson(run, each));
    for (const each of given) weigh(run, each);
    run.line = line;
    try {
      return [fromJson(call(given))];
    } catch (error) {
      if (error instanceof Error && !isStackOverflow(error)) throw run.error(error.message);
      throw error;
    }
  });
