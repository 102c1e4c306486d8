/** `--sort-by`: by the value a JSONPath leads to, numbers in texts by their size. */
import { evaluateJsonPath, parseJsonPath } from '#kube/jsonpath/jsonpath.ts';
import { CommandError } from '../failure.ts';
import { goText } from './go-value.ts';

/** A stable order of `items`; `objectOf` is where the path begins. An empty path keeps the order. */
export function sortBy<T>(items: readonly T[], path: string, objectOf: (item: T) => unknown): readonly T[] {
  if (path === '') return items;
  let parsed: ReturnType<typeof parseJsonPath>;
  try {
    parsed = parseJsonPath(path);
  } catch (error) {
    throw new CommandError(`error parsing sort-by ${path}: ${(error as Error).message}`);
  }
  const keyed = items.map((item) => ({ item, key: evaluateJsonPath(parsed, objectOf(item))[0] }));
  if (items.length > 0 && keyed.every(({ key }) => key === undefined))
    throw new CommandError(`couldn't find any field with path "${path}" in the list of objects`);
  return keyed.sort((a, b) => compare(a.key, b.key)).map(({ item }) => item);
}

function compare(a: unknown, b: unknown): number {
  // What has no such field goes first, as kubectl does.
  if (a === undefined || b === undefined) return Number(b === undefined ? 1 : 0) - Number(a === undefined ? 1 : 0);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return natural(goText(a), goText(b));
}

/** `pod-2` before `pod-10`. */
function natural(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [x, y] = [left[i]!, right[i]!];
    const numbers = /^\d/.test(x) && /^\d/.test(y);
    const order = numbers ? Number(x) - Number(y) : x < y ? -1 : Number(x > y);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

const partsOf = (text: string) => text.match(/\d+|\D+/g) ?? [];
