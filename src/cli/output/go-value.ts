/** Values as Go's fmt prints them with %v: what custom columns hold. */

export function goText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = value as Readonly<Record<string, unknown>>;
    return `map[${Object.keys(members)
      .sort()
      .map((key) => `${key}:${goText(members[key])}`)
      .join(' ')}]`;
  }
  if (value === null || value === undefined) return '<nil>';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
