/** Immutability of shared objects. */

/**
 * Freezes a value and all it holds; values already frozen are taken as frozen to the bottom, so freezing a
 * copy-on-write successor costs only its new path.
 */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value)) return value;
  Object.freeze(value);
  for (const key in value) deepFreeze(value[key]);
  return value;
}
