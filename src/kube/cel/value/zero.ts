/** Whether a value is the empty one of its kind: what `optional.ofNonZeroValue` takes for none. */
import { CelDouble, CelDuration, CelList, CelMap, CelTimestamp, CelUint, type CelValue } from './value.ts';

/** 0001-01-01T00:00:00Z, Go's zero time. */
const zeroTime = -62_135_596_800;

export function isZero(value: CelValue): boolean {
  if (value === null || value === false || value === 0 || value === '') return true;
  if (value instanceof CelUint) return value.value === 0n;
  if (value instanceof CelDouble) return value.value === 0;
  if (value instanceof CelDuration) return value.nanos === 0n;
  if (value instanceof CelTimestamp) return value.seconds === zeroTime && value.nanos === 0;
  if (value instanceof Uint8Array) return value.length === 0;
  // Lists and objects of a schema are never taken for empty.
  return (value instanceof CelList || value instanceof CelMap) && value.size === 0 && !value.equalTo;
}
