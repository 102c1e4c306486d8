/** What Go calls the type of a value: some of upstream's error texts say it. */
import {
  CelDouble,
  CelDuration,
  CelList,
  CelMap,
  CelOptional,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  type CelValue,
} from './value.ts';

export function goTypeName(value: CelValue): string {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return 'types.Int';
    case 'string':
      return 'types.String';
    case 'boolean':
      return 'types.Bool';
    default:
      return value === null ? 'types.Null' : goObjectName(value);
  }
}

function goObjectName(value: Exclude<CelValue, null | number | bigint | string | boolean>): string {
  if (value instanceof CelDouble) return 'types.Double';
  if (value instanceof CelUint) return 'types.Uint';
  if (value instanceof CelTimestamp) return 'types.Timestamp';
  if (value instanceof CelDuration) return 'types.Duration';
  if (value instanceof CelOptional) return '*types.Optional';
  if (value instanceof CelTypeValue) return '*types.Type';
  if (value instanceof CelList) return '*types.baseList';
  if (value instanceof CelMap) return '*types.baseMap';
  return value instanceof Uint8Array ? 'types.Bytes' : 'types.Object';
}
