/** Directives (`%d`, `%1`, `%c`) in a text, each paid for before it is replaced. */
import type { Run } from '../run.ts';

/** `pattern` is global, and each of its matches begins with `%`. */
export function replaceDirectives(
  run: Run,
  text: string,
  pattern: RegExp,
  cost: number,
  replace: (...match: string[]) => string,
): string {
  // `replace` finds all the matches before it asks for the first replacement: too late to stop.
  for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at + 1)) run.spend(cost);
  return text.replace(pattern, replace);
}
