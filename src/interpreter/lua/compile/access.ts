/** Reading and writing fields of values. */
import { entryBytes, type Run } from '../run.ts';
import { LuaTable } from '../table.ts';
import { formatNumber, type LuaValue, typeName } from '../value.ts';

/** What a script reads under a key, which has to be read to find it; strings have their library's functions. */
export function fieldOf(run: Run, object: LuaValue, key: LuaValue, line: number): LuaValue {
  if (typeof key === 'string') run.spend(key.length >> 5);
  if (object instanceof LuaTable) return object.get(key);
  if (typeof object === 'string') return run.stringLibrary.get(key);
  throw run.errorAt(line, notATable(object, key));
}

/** The reference's words. */
function notATable(object: LuaValue, key: LuaValue): string {
  const name = typeof key === 'string' ? key : typeof key === 'number' ? formatNumber(key) : typeName(key);
  return `attempt to index a non-table object(${typeName(object)}) with key '${name}'`;
}

export function storeField(run: Run, object: LuaValue, key: LuaValue, value: LuaValue, line: number): void {
  if (!(object instanceof LuaTable)) throw run.errorAt(line, notATable(object, key));
  if (typeof key === 'string') {
    run.spend(key.length >> 5);
    if (object.set(key, value)) run.allocate(entryBytes);
    return;
  }
  run.line = line;
  run.store(object, key, value);
}
