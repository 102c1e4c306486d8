/** JSON that is small, and still shows in a diff what changed: one line for each entry down to a given depth. */

export function jsonLines(value: unknown, depth: number): string {
  return `${lines(value, depth)}\n`;
}

function lines(value: unknown, depth: number): string {
  if (depth === 0 || typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[\n${value.map((item) => lines(item, depth - 1)).join(',\n')}\n]`;
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${lines(item, depth - 1)}`);
  return `{\n${entries.join(',\n')}\n}`;
}
