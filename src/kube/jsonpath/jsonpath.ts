/** JSONPath as kubectl and CRD columns use it: find values, or print a template. What is not there is left out. */
import { type Path, parsePath, parseTemplate, type Section, type Step } from './parse.ts';
import { printValues } from './print.ts';

export type JsonPath = Path;

/** `.spec.replicas`, `{.spec.replicas}` or `spec.replicas`. Throws SyntaxError. */
export function parseJsonPath(text: string): JsonPath {
  return parsePath(text);
}

/** All values the path leads to; none also when the path does not fit the value (an index beyond a list's end). */
export function evaluateJsonPath(path: JsonPath, value: unknown): unknown[] {
  try {
    return walk([value], path);
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

/** Of a field that no value has: it is left out, or the value does not do (client-go's AllowMissingKeys). */
type Missing = 'is left out' | 'fails';

/** What `kubectl get -o jsonpath=TEMPLATE` prints. Throws SyntaxError for the template, RangeError for the value. */
export function printJsonPath(template: string, value: unknown, missing: Missing = 'is left out'): string {
  return printSections(parseTemplate(template), value, missing);
}

/** Has a template a path in it, or would it print the same text of every value? Throws SyntaxError. */
export const isJsonPathTemplate = (template: string): boolean =>
  parseTemplate(template).some(({ type }) => type !== 'text');

function printSections(sections: readonly Section[], value: unknown, missing: Missing): string {
  let text = '';
  for (const section of sections) {
    if (section.type === 'text') text += section.text;
    else if (section.type === 'path') text += printValues(walk([value], section.path, missing));
    else for (const item of walk([value], section.path, missing)) text += printSections(section.body, item, missing);
  }
  return text;
}

type Members = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function walk(values: readonly unknown[], path: Path, missing: Missing = 'is left out'): unknown[] {
  let found: unknown[] = [...values];
  for (const step of path) found = take(found, step, missing);
  return found;
}

function membersOf(values: readonly unknown[], name: string, missing: Missing): unknown[] {
  const found = values.flatMap((value) => {
    const member = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    return member === undefined ? [] : [member];
  });
  if (missing === 'fails' && values.length > 0 && found.length === 0) throw new RangeError(`${name} is not found`);
  return found;
}

function take(values: readonly unknown[], step: Step, missing: Missing): unknown[] {
  switch (step.type) {
    case 'field':
      return membersOf(values, step.name, missing);
    case 'wildcard':
      return values.flatMap(childrenOf);
    case 'recursive':
      return descendants(values);
    case 'slice':
      return values.flatMap((value) => sliceOf(value, step));
    case 'union':
      return step.paths.flatMap((path) => walk(values, path, missing));
    case 'filter':
      return values.flatMap((value) => filtered(value, step));
    case 'value':
      return values.length === 0 && typeof step.value !== 'string' ? [] : [step.value];
  }
}

/** Members of objects in the order of their keys, items of lists, letters of text. */
function childrenOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return Array.from(value);
  if (!isObject(value)) return [];
  return Object.keys(value)
    .sort()
    .map((key) => value[key])
    .filter((member) => member !== undefined);
}

/** The values that hold others, or letters, each followed by its descendants that do. */
function descendants(values: readonly unknown[]): unknown[] {
  return values.flatMap((value) => {
    const children = childrenOf(value);
    if (children.length === 0) return [];
    return typeof value === 'string' ? [value] : [value, ...descendants(children)];
  });
}

function sliceOf(value: unknown, { from, to, step = 1, single }: Extract<Step, { type: 'slice' }>): unknown[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw new RangeError(`${goType(value)} is not array or slice`);
  const { length } = value;
  let start = from ?? 0;
  if (start < 0) start += length;
  let end = single ? start + 1 : (to ?? length);
  if (end < 0) end += length;
  if (start === end) return [];
  if (start >= length || start < 0) throw new RangeError(outOfBounds(start, length));
  if (end > length || end < 0) throw new RangeError(outOfBounds(end - 1, length));
  if (start > end) throw new RangeError(`starting index ${start} is greater than ending index ${end}`);
  if (step <= 0) throw new RangeError('step must be > 0');
  const items = value.slice(start, end);
  return step === 1 ? items : items.filter((_, index) => index % step === 0);
}

const outOfBounds = (index: number, length: number) => `array index out of bounds: index ${index}, length ${length}`;

function goType(value: unknown): string {
  if (isObject(value)) return 'map[string]interface {}';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function filtered(value: unknown, { left, operator, right }: Extract<Step, { type: 'filter' }>): unknown[] {
  if (!Array.isArray(value))
    throw new RangeError(`${printValues([value])} is not array or slice and cannot be filtered`);
  return value.filter((item) => {
    if (operator === 'exists') return evaluateJsonPath(left, item).length > 0;
    const [lefts, rights] = [walk([item], left), walk([item], right)];
    if (lefts.length > 1 || rights.length > 1) throw new RangeError('can only compare one element at a time');
    return lefts.length > 0 && rights.length > 0 && compare(lefts[0], operator, rights[0]);
  });
}

function compare(left: unknown, operator: string, right: unknown): boolean {
  if (!isBasic(left) || !isBasic(right)) throw new RangeError('invalid type for comparison');
  if (typeof left !== typeof right) throw new RangeError('incompatible types for comparison');
  if (typeof left === 'boolean' && operator !== '==' && operator !== '!=') {
    throw new RangeError('invalid type for comparison');
  }
  switch (operator) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    default:
      throw new RangeError(`unrecognized filter operator ${operator}`);
  }
}

const isBasic = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
