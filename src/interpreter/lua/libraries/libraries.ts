/** The globals of a run: the reference's libraries, each run with tables of its own over the same functions. */
import { type LuaModules, moduleTable } from '../modules.ts';
import { LuaTable } from '../table.ts';
import { LuaFunction, type LuaValue, type LuaValues } from '../value.ts';
import { Call } from './arguments.ts';
import { baseLibrary } from './base.ts';
import { mathLibrary } from './math.ts';
import { osLibrary } from './os.ts';
import { stringLibrary } from './strings.ts';
import { tableLibrary } from './tables.ts';

const libraries: readonly (readonly [name: string, functions: ReadonlyMap<string, LuaValue>])[] = [
  ['math', mathLibrary],
  ['os', osLibrary],
  ['string', stringLibrary],
  ['table', tableLibrary],
];

export interface Globals {
  readonly globals: LuaTable;
  readonly strings: LuaTable;
}

/** Nothing of one run is reachable from another: what a script sets in a library is gone with its run. */
export function newGlobals(modules: LuaModules): Globals {
  const globals = new LuaTable(undefined, baseLibrary);
  const loaded = new LuaTable();
  const keep = (name: string, table: LuaTable) => {
    globals.set(name, table);
    loaded.set(name, table);
    return table;
  };
  const [, , strings] = libraries.map(([name, functions]) => keep(name, new LuaTable(undefined, functions)));
  keep('_G', globals);
  globals.set('_VERSION', 'Lua 5.1');
  const packages = keep('package', new LuaTable());
  packages.set('loaded', loaded);
  const find = (call: Call) => requireModule(call, loaded, modules);
  globals.set('require', new LuaFunction((run, args) => find(new Call(run, 'require', args))));
  return { globals, strings: strings! };
}

function requireModule(call: Call, loaded: LuaTable, modules: LuaModules): LuaValues {
  const name = call.string(1);
  const known = loaded.get(name);
  if (known !== undefined) return [known];
  if (!Object.hasOwn(modules, name)) throw call.run.error(`module ${name} not found`);
  const table = moduleTable(modules[name]!);
  loaded.set(name, table);
  return [table];
}
