/** Where two JSON values differ, for error texts that must say what may not change. */
import { isFields } from './value.ts';

/** At most so many places are named, so that a text stays readable. */
const mostShown = 20;

/** Lines `path: old -> new`, the first of them on a line of its own. */
export function describeDifferences(before: unknown, after: unknown, path: string): string {
  const lines: string[] = [];
  collect(lines, before, after, path);
  const shown = lines.slice(0, mostShown);
  if (lines.length > mostShown) shown.push(`… and ${lines.length - mostShown} more`);
  return shown.map((line) => `\n  ${line}`).join('');
}

function collect(lines: string[], before: unknown, after: unknown, path: string): void {
  if (before === after) return;
  if (isFields(before) && isFields(after)) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      collect(lines, before[name], after[name], `${path}.${name}`);
    }
  } else if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    for (const [index, item] of before.entries()) collect(lines, item, after[index], `${path}[${index}]`);
  } else lines.push(`${path}: ${shown(before)} -> ${shown(after)}`);
}

const shown = (value: unknown): string => (value === undefined ? '<unset>' : JSON.stringify(value));
