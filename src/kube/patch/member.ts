/** Members by name, whatever the name: documents of strangers have members called `__proto__`. */

/** `target[key] = value`, but for a name that assignment takes for something else. */
export function define<T>(target: Record<string, T>, key: string, value: NoInfer<T>): void {
  if (key !== '__proto__') target[key] = value;
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}
