/** The type of a value as the running program sees it: lists and maps without their parameters. */
import { type CelType, celTypes, typeName } from '../types.ts';
import {
  CelDouble,
  CelDuration,
  CelError,
  CelList,
  CelMap,
  CelOpaque,
  CelOptional,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  type CelValue,
} from './value.ts';

const anyList = celTypes.list(celTypes.dyn);
const anyMap = celTypes.map(celTypes.dyn, celTypes.dyn);
const anyOptional = celTypes.optional(celTypes.dyn);

export function kindOf(value: CelValue): CelType {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return celTypes.int;
    case 'string':
      return celTypes.string;
    case 'boolean':
      return celTypes.bool;
    default:
      return value === null ? celTypes.null : kindOfObject(value);
  }
}

function kindOfObject(value: Exclude<CelValue, null | number | bigint | string | boolean>): CelType {
  if (value instanceof CelList) return anyList;
  if (value instanceof CelMap) return value.type ?? anyMap;
  if (value instanceof CelOpaque) return value.type;
  if (value instanceof CelDouble) return celTypes.double;
  if (value instanceof CelUint) return celTypes.uint;
  if (value instanceof CelTimestamp) return celTypes.timestamp;
  if (value instanceof CelDuration) return celTypes.duration;
  if (value instanceof CelTypeValue) return celTypes.type;
  if (value instanceof CelOptional) return anyOptional;
  return celTypes.bytes;
}

export const kindName = (value: CelValue): string => typeName(kindOf(value));

/** As some error texts show it: lists and maps with what they hold. */
export function kindText(value: CelValue): string {
  const kind = kindOf(value);
  return kind.kind === 'list' ? 'list(dyn)' : kind.kind === 'map' ? 'map(dyn, dyn)' : typeName(kind);
}

/** Whether a value may be given where a function takes this type; of lists and maps the first entry is looked at. */
export function accepts(type: CelType, value: CelValue): boolean {
  switch (type.kind) {
    case 'string':
    case 'bool':
      return typeof value === (type.kind === 'bool' ? 'boolean' : 'string');
    case 'int':
      return typeof value === 'number' || typeof value === 'bigint';
    case 'dyn':
    case 'param':
      return true;
    case 'list':
      return value instanceof CelList && (value.size === 0 || acceptsPart(type.element, value.at(0)));
    case 'map':
      return value instanceof CelMap && !value.type && acceptsFirstEntry(type.key, type.value, value);
    default:
      return typeName(type) === kindName(value);
  }
}

const acceptsPart = (type: CelType, part: CelValue | CelError | undefined): boolean =>
  part !== undefined && !(part instanceof CelError) && accepts(type, part);

function acceptsFirstEntry(keyType: CelType, valueType: CelType, map: CelMap): boolean {
  for (const key of map.keys()) return accepts(keyType, key) && acceptsPart(valueType, map.find(key));
  return true;
}
