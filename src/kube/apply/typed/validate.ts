/** Whether a configuration fits its schema, in the words of kube-apiserver's structured merge. */
import { formatElement } from '#kube/fields/element.ts';
import { leafOfField } from '#kube/fields/node.ts';
import { quoteText, readableValue } from '#kube/fields/text.ts';
import type { JsonArray, JsonObject, JsonValue } from '#kube/meta/object.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { isList, isMap, type ListType, leafOfItem, type MapType, objectType, shapeOf, type Type } from './type.ts';

/** What is wrong with an applied configuration, each as `.spec.replicas: expected numeric (int or float), got string`. */
export function validateConfiguration(schema: Schema, config: unknown): readonly string[] {
  const problems: string[] = [];
  check(objectType(schema), config as JsonValue, '', problems);
  return problems;
}

function check(type: Type, value: JsonValue, path: string, problems: string[]): void {
  if (value === null) return;
  const shape = shapeOf(type, value);
  if (shape === 'scalar') checkScalar(type.scalar!, value, path, problems);
  else if (shape === 'map') {
    if (isMap(value)) checkMap(type.map!, value, path, problems);
    else problems.push(at(path, `expected map, got ${goValue(value)}`));
  } else if (isList(value)) checkList(type.list!, value, path, problems);
  else problems.push(at(path, `expected list, got ${goValue(value)}`));
}

const at = (path: string, problem: string): string => (path === '' ? problem : `${path}: ${problem}`);

function checkScalar(scalar: NonNullable<Type['scalar']>, value: JsonValue, path: string, problems: string[]): void {
  const found = typeof value;
  if (scalar === 'numeric' && found !== 'number') {
    problems.push(at(path, `expected numeric (int or float), got ${goType(value)}`));
  } else if (scalar === 'string' && found !== 'string') {
    problems.push(at(path, `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`));
  } else if (scalar === 'boolean' && found !== 'boolean') {
    problems.push(at(path, `expected boolean, got ${goValue(value)}`));
  } else if (scalar === 'any' && found === 'object') {
    problems.push(at(path, `expected any scalar, got ${goValue(value)}`));
  }
}

function checkMap(map: MapType, value: JsonObject, path: string, problems: string[]): void {
  for (const name in value) {
    const below = value[name];
    if (below === undefined) continue;
    const type = map.field(name)?.type ?? map.rest?.();
    const here = path + formatElement(leafOfField(name).element);
    if (type) check(type, below, here, problems);
    else problems.push(at(here, 'field not declared in schema'));
  }
}

function checkList(list: ListType, items: JsonArray, path: string, problems: string[]): void {
  const seen = new Set<string>();
  const type = list.item();
  for (let index = 0; index < items.length; index++) {
    const item = items[index]!;
    if (list.atomic) {
      check(type, item, `${path}[${index}]`, problems);
      continue;
    }
    const leaf = leafOfItem(list, item);
    if (!leaf) {
      problems.push(at(path, `element ${index}: ${whyNoElement(list, item)}`));
      return;
    }
    const shown = formatElement(leaf.element);
    if (seen.has(shown)) problems.push(at(path, `duplicate entries for key ${shown}`));
    seen.add(shown);
    check(type, item, path + shown, problems);
  }
}

function whyNoElement(list: ListType, item: JsonValue): string {
  if (list.keys.length === 0) {
    if (item === null) return "associative list without keys has an element that's an explicit null";
    return isList(item)
      ? 'not supported: associative list with lists as elements'
      : "associative list without keys has an element that's a map type";
  }
  if (item === null) return 'associative list with keys may not have a null element';
  if (!isMap(item)) return 'associative list with keys may not have non-map elements';
  const keys = list.keys.map((key) => quoteText(key.name)).join(' ');
  return `associative list with keys has an element that omits all key fields [${keys}] (and doesn't have default values for any key fields)`;
}

/** The name of Go's type that JSON is read into. */
function goType(value: JsonValue): string {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return isList(value) ? '[]interface {}' : 'map[string]interface {}';
}

/** Go's `%v` of a pointer to the value. */
const goValue = (value: JsonValue): string => `&{${goText(value)}}`;

function goText(value: JsonValue): string {
  if (value === null) return '<nil>';
  if (isList(value)) return `[${value.map(goText).join(' ')}]`;
  if (!isMap(value)) return String(value);
  const keys = Object.keys(value).sort();
  return `map[${keys.map((key) => `${key}:${goText(value[key] ?? null)}`).join(' ')}]`;
}

/** Go's `%#v`. */
function goSyntax(value: JsonValue): string {
  if (value === null) return 'interface {}(nil)';
  if (isList(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (!isMap(value)) return readableValue(value);
  const keys = Object.keys(value).sort();
  return `map[string]interface {}{${keys.map((key) => `${quoteText(key)}:${goSyntax(value[key] ?? null)}`).join(', ')}}`;
}

/** Several problems are listed one a line. */
export const problemText = (problems: readonly string[]): string =>
  problems.length === 1 ? problems[0]! : ['errors:', ...problems.map((problem) => `  ${problem}`)].join('\n');
