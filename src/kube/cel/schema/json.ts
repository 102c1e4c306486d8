/** JSON without a schema as values, and values as JSON. */
import type { JsonArray, JsonObject, JsonValue } from '../../meta/object.ts';
import { CelEvaluationError } from '../errors.ts';
import { toText } from '../value/convert.ts';
import { intOf } from '../value/int.ts';
import { kindName } from '../value/kind.ts';
import { itemsOf } from '../value/list.ts';
import {
  CelDouble,
  CelDuration,
  CelError,
  CelList,
  CelMap,
  CelOptional,
  CelTimestamp,
  CelUint,
  type CelValue,
  type Evaluated,
} from '../value/value.ts';

/** Whole numbers are ints; those beyond what JSON here keeps exactly are as near as they came. */
export function celValueOfJson(json: JsonValue): CelValue {
  if (typeof json === 'number') {
    if (Number.isSafeInteger(json)) return json;
    return Number.isInteger(json) && Math.abs(json) < 2 ** 63 ? intOf(BigInt(json)) : new CelDouble(json);
  }
  if (json === null || typeof json !== 'object') return json;
  return Array.isArray(json) ? new JsonList(json as JsonArray) : new JsonMap(json as JsonObject);
}

/** What values came from JSON as, so that they go back as they were. */
export interface FromJson {
  readonly json: JsonValue;
}

class JsonList extends CelList implements FromJson {
  readonly json: JsonArray;
  constructor(json: JsonArray) {
    super();
    this.json = json;
  }
  get size(): number {
    return this.json.length;
  }
  at(index: number): Evaluated {
    return celValueOfJson(this.json[index]!);
  }
}

class JsonMap extends CelMap implements FromJson {
  readonly json: JsonObject;
  constructor(json: JsonObject) {
    super();
    this.json = json;
  }
  get size(): number {
    return Object.keys(this.json).length;
  }
  find(key: CelValue): Evaluated | undefined {
    if (typeof key !== 'string' || !Object.hasOwn(this.json, key)) return undefined;
    const value = this.json[key];
    return value === undefined ? undefined : celValueOfJson(value);
  }
  keys(): Iterable<CelValue> {
    return Object.keys(this.json);
  }
}

const isFromJson = (value: object): value is FromJson => 'json' in value;

/** Throws CelEvaluationError for what JSON cannot say. */
export function jsonOfCel(value: CelValue): JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (typeof value === 'bigint') return Number(value);
  if (isFromJson(value)) return value.json;
  if (value instanceof CelList) return [...itemsOf(value)].map(part);
  if (value instanceof CelMap)
    return Object.fromEntries([...value.keys()].map((key) => [keyText(key), part(value.find(key) ?? null)]));
  if (value instanceof CelDouble && Number.isFinite(value.value)) return value.value;
  if (value instanceof CelUint) return Number(value.value);
  if (value instanceof CelTimestamp || value instanceof CelDuration) return toText(value) as string;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof CelOptional && value.value !== undefined) return jsonOfCel(value.value);
  throw new CelEvaluationError(`a value of type ${kindName(value)} cannot be written as JSON`);
}

function part(value: Evaluated): JsonValue {
  if (value instanceof CelError) throw new CelEvaluationError(value.message);
  return jsonOfCel(value);
}

function keyText(key: CelValue): string {
  if (typeof key === 'string') return key;
  throw new CelEvaluationError(`a map key of type ${kindName(key)} cannot be written as JSON`);
}
