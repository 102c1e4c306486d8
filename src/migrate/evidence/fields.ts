/**
 * What an object states, field by field, as hashes: enough to say which field is another, and nothing of what it holds.
 * Lists are told apart by the keys that Kubernetes' own lists have; others are one field. Pure.
 */
import { canonicalJson, readableValue } from '#kube/fields/text.ts';
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';

/** In the shape of the object: a step (`.spec`, `[name="web"]`) leads to a field's hash, or to what is below it. */
export interface FieldHashes {
  readonly [step: string]: string | FieldHashes;
}

/** What is below the whole of an object with more fields is told by fewer, larger ones: 256 are about 8 kB. */
const mostFields = 256;

/** What the items of a list are told apart by, the first that all of them have. */
const keysOfLists: readonly (readonly string[])[] = [
  ['name'],
  ['containerPort', 'protocol'],
  ['port', 'protocol'],
  ['port'],
  ['mountPath'],
  ['devicePath'],
  ['type'],
  ['ip'],
  ['uid'],
];

type Step = readonly [step: string, value: JsonValue];

const isMap = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isScalar = (value: JsonValue | undefined): boolean => value !== undefined && typeof value !== 'object';

function keyedBy(items: readonly JsonObject[], keys: readonly string[]): readonly Step[] | undefined {
  const steps: Step[] = [];
  const seen = new Set<string>();
  for (const item of items) {
    if (!keys.every((key) => isScalar(item[key]))) return undefined;
    const step = `[${keys.map((key) => `${key}=${readableValue(item[key]!)}`).join(',')}]`;
    if (seen.has(step)) return undefined;
    seen.add(step);
    steps.push([step, item]);
  }
  return steps;
}

/** Undefined for what is one field: a scalar, something empty, a list without keys. */
function stepsOf(value: JsonValue): readonly Step[] | undefined {
  if (isMap(value)) {
    const steps: Step[] = [];
    for (const key of Object.keys(value).sort()) if (value[key] !== undefined) steps.push([`.${key}`, value[key]!]);
    return steps.length > 0 ? steps : undefined;
  }
  if (!Array.isArray(value) || value.length === 0 || !value.every(isMap)) return undefined;
  for (const keys of keysOfLists) {
    const steps = keyedBy(value as readonly JsonObject[], keys);
    if (steps) return steps;
  }
  return undefined;
}

/** Counts no further than `limit`. */
function countFields(value: JsonValue, limit: number): number {
  const steps = stepsOf(value);
  if (!steps) return 1;
  let count = 0;
  for (const [, child] of steps) {
    count += countFields(child, limit - count);
    if (count > limit) break;
  }
  return count;
}

/** Is given a path and a value as one text. */
type Digest = (text: string) => string;

/**
 * Of six bits each: they only have to place what the hash of the whole has told, and miss one of 2^36.
 */
const shownDigits = 6;

interface Walk {
  readonly digest: Digest;
  /** Digests of all fields, in order. */
  readonly all: string[];
}

/** Stops once there are too many fields: `walk.all` has more than `mostFields` then. */
function hashTree(value: JsonValue, path: string, walk: Walk): string | FieldHashes {
  const steps = walk.all.length > mostFields ? undefined : stepsOf(value);
  if (!steps) {
    const digest = walk.digest(`${path} ${canonicalJson(value)}`);
    walk.all.push(digest);
    return digest.slice(0, shownDigits);
  }
  const tree: Record<string, string | FieldHashes> = {};
  for (const [step, child] of steps) {
    tree[step] = hashTree(child, path + step, walk);
    if (walk.all.length > mostFields) break;
  }
  return tree;
}

/** As many fields as the budget has, the larger places as one each. */
function withinBudget(value: JsonValue, path: string, budget: number, walk: Walk): string | FieldHashes {
  const steps = stepsOf(value);
  if (!steps || steps.length > budget) {
    const digest = walk.digest(`${path} ${canonicalJson(value)}`);
    walk.all.push(digest);
    return digest.slice(0, shownDigits);
  }
  const counted = steps.map((step) => ({ step, count: countFields(step[1], budget) }));
  const shares = new Map<string, number>();
  let left = budget;
  // The small ones first: what they do not need is the others'.
  for (const [i, { step, count }] of [...counted].sort((a, b) => a.count - b.count).entries()) {
    const share = Math.min(count, Math.floor(left / (counted.length - i)));
    shares.set(step[0], share);
    left -= share;
  }
  const tree: Record<string, string | FieldHashes> = {};
  for (const [step, child] of steps) tree[step] = withinBudget(child, path + step, shares.get(step)!, walk);
  return tree;
}

export interface Hashed {
  readonly fields: string | FieldHashes;
  /** All digests in order, to be made one hash of the whole. */
  readonly text: string;
}

export function hashFields(stated: JsonValue, digest: Digest): Hashed {
  const walk: Walk = { digest, all: [] };
  const fields = hashTree(stated, '', walk);
  if (walk.all.length <= mostFields) return { fields, text: walk.all.join('\n') };
  const larger: Walk = { digest, all: [] };
  return { fields: withinBudget(stated, '', mostFields, larger), text: larger.all.join('\n') };
}

/** Paths as messages show them, `.spec.template.spec.containers[name="web"].image`: the highest that tells it. */
export function changedFields(
  before: string | FieldHashes | undefined,
  after: string | FieldHashes | undefined,
  path = '',
): readonly string[] {
  if (before === after) return [];
  if (typeof before !== 'object' || typeof after !== 'object') return [path];
  const steps = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...steps].flatMap((step) => changedFields(before[step], after[step], path + step));
}

/** What is at such a path; undefined where nothing is. */
export function valueAt(value: JsonValue, path: string): JsonValue | undefined {
  if (path === '') return value;
  for (const [step, child] of stepsOf(value) ?? []) {
    if (!path.startsWith(step)) continue;
    // A key may hold dots: another one may be meant that begins alike.
    const found = valueAt(child, path.slice(step.length));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** One is the other, or lies below it. */
export const touches = (one: string, other: string): boolean => isBelow(one, other) || isBelow(other, one);

export const isBelow = (path: string, place: string): boolean =>
  path.startsWith(place) && (path.length === place.length || '.['.includes(path[place.length]!));
