/**
 * Whether a schema is structural: everything about the form of values is said once, outside of allOf and its like
 * (apiextensions-apiserver's ValidateStructural).
 */

import { patternError } from '#kube/cel/library/pattern.ts';
import { forbiddenField, invalidValue, requiredValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';
import {
  combinations,
  fieldsOf,
  isGiven,
  isObject,
  listOf,
  type Props,
  schemasOf,
  someSchema,
  textOf,
} from './props.ts';

type Level = 'root' | 'item' | 'field';

/** Keywords that no structural schema may have at all; others speak of them. */
const unknownToIt = ['id', '$schema', '$ref', 'patternProperties', 'dependencies', 'additionalItems', 'definitions'];

/** Whether it can be looked at as one: what is missing for that is told elsewhere. */
export const canBeStructural = (props: Props): boolean =>
  !someSchema(
    props,
    (each) =>
      unknownToIt.some((keyword) => isGiven(each[keyword])) ||
      Array.isArray(each.items) ||
      each['x-kubernetes-preserve-unknown-fields'] === false,
  );

/** Causes in the order of their texts, as upstream sorts them. */
export function structuralCauses(props: Props, path: string): readonly StatusCause[] {
  const causes: StatusCause[] = [];
  checkInvariants(props, 'root', path, causes);
  checkComplete(props, props, path, path, causes);
  const text = ({ field, message }: StatusCause) => `${field}: ${message}`;
  return causes.sort((left, right) => (text(left) < text(right) ? -1 : 1));
}

function checkInvariants(props: Props, level: Level, path: string, causes: StatusCause[]): void {
  const type = textOf(props.type);
  const { items, additionalProperties } = props;
  if (type === 'array' && !isObject(items)) causes.push(requiredValue(`${path}.items`, 'must be specified'));
  if (isObject(items)) checkInvariants(items, 'item', `${path}.items`, causes);
  for (const [name, property] of Object.entries(fieldsOf(props.properties)))
    checkInvariants(property, 'field', `${path}.properties[${name}]`, causes);
  if (additionalProperties !== undefined && additionalProperties !== null) {
    if (level === 'root') causes.push(forbiddenField(`${path}.additionalProperties`, 'must not be used at the root'));
    if (isObject(additionalProperties))
      checkInvariants(additionalProperties, 'field', `${path}.additionalProperties`, causes);
  }
  checkExtensions(props, path, causes);
  checkValues(props, path, intOrStringPattern(props), causes);
  checkType(props, level, path, causes);
  checkEnvelope(props, level, path, causes);
}

function checkExtensions(props: Props, path: string, causes: StatusCause[]): void {
  if (props['x-kubernetes-int-or-string'] !== true) return;
  for (const mark of ['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource']) {
    if (props[mark] !== true) continue;
    causes.push(invalidValue(`${path}.${mark}`, true, 'must be false if x-kubernetes-int-or-string is true'));
  }
}

const emptyType: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};

function checkType(props: Props, level: Level, path: string, causes: StatusCause[]): void {
  const type = textOf(props.type);
  const embedded = props['x-kubernetes-embedded-resource'] === true;
  const preserve = props['x-kubernetes-preserve-unknown-fields'] === true;
  if (embedded && type !== 'object') {
    const detail = 'must be object if x-kubernetes-embedded-resource is true';
    causes.push(type === '' ? requiredValue(`${path}.type`, detail) : invalidValue(`${path}.type`, type, detail));
  } else if (type === '' && props['x-kubernetes-int-or-string'] !== true && !preserve) {
    causes.push(requiredValue(`${path}.type`, emptyType[level]));
  }
  if (embedded && isGiven(props.additionalProperties)) {
    const detail = 'must not be used if x-kubernetes-embedded-resource is set';
    causes.push(forbiddenField(`${path}.additionalProperties`, detail));
  }
  if (level === 'root' && type !== '' && type !== 'object')
    causes.push(invalidValue(`${path}.type`, type, 'must be object at the root'));
  if (embedded && !preserve && Object.keys(fieldsOf(props.properties)).length === 0) {
    const detail =
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields';
    causes.push(requiredValue(`${path}.properties`, detail));
  }
}

/** apiVersion, kind and metadata, where objects have them. */
function checkEnvelope(props: Props, level: Level, path: string, causes: StatusCause[]): void {
  const isWhole = level === 'root' || props['x-kubernetes-embedded-resource'] === true;
  const properties = fieldsOf(props.properties);
  const types = { kind: 'string', apiVersion: 'string', metadata: 'object' };
  for (const [name, wanted] of Object.entries(types)) {
    const type = properties[name] && textOf(properties[name].type);
    if (!isWhole || type === undefined || type === wanted) continue;
    causes.push(invalidValue(`${path}.properties[${name}].type`, type, `must be ${wanted}`));
  }
  if (level === 'root' && properties.metadata && saysMoreThanNames(properties.metadata)) {
    const detail = 'must not specify anything other than name and generateName, but metadata is implicitly specified';
    causes.push(forbiddenField(`${path}.properties[metadata]`, detail));
  }
}

/** A type, a default and the schemas of the names may be given. */
function saysMoreThanNames(metadata: Props): boolean {
  const names = Object.keys(fieldsOf(metadata.properties));
  const onlyNames = names.every((name) => name === 'name' || name === 'generateName');
  return (
    !onlyNames ||
    Object.entries(metadata).some(
      ([keyword, value]) =>
        !['type', 'default', 'properties', 'externalDocs', 'example'].includes(keyword) && isGiven(value),
    )
  );
}

/** Where the alternatives of an int-or-string may name their types. */
interface Exceptions {
  readonly anyOf: boolean;
  readonly firstOfAll: boolean;
}

const none: Exceptions = { anyOf: false, firstOfAll: false };

function intOrStringPattern(props: Props): Exceptions {
  const [first] = schemasOf(props.allOf);
  return { anyOf: isIntOrString(props.anyOf), firstOfAll: first !== undefined && isIntOrString(first.anyOf) };
}

function isIntOrString(anyOf: unknown): boolean {
  const alternatives = schemasOf(anyOf);
  return (
    alternatives.length === 2 &&
    alternatives.every((each, index) => {
      const given = Object.entries(each).filter(([, value]) => isGiven(value));
      return given.length === 1 && each.type === (index === 0 ? 'integer' : 'string');
    })
  );
}

function checkValues(props: Props, path: string, except: Exceptions, causes: StatusCause[]): void {
  for (const name of combinations) {
    if (name === 'anyOf' && except.anyOf) continue;
    for (const [index, each] of schemasOf(props[name]).entries()) {
      const skips = name === 'allOf' && index === 0 && except.firstOfAll;
      checkNested(each, `${path}.${name}[${index}]`, skips ? { ...none, anyOf: true } : none, causes);
    }
  }
  if (isObject(props.not)) checkNested(props.not, `${path}.not`, none, causes);
  const pattern = textOf(props.pattern);
  const wrong = pattern === '' ? undefined : patternError(pattern);
  if (wrong !== undefined) {
    causes.push(invalidValue(`${path}.pattern`, pattern, `must be a valid regular expression, but isn't: ${wrong}`));
  }
}

/** What may be said only outside of combinations, and how upstream says so. */
const onlyOutside: Readonly<Record<string, string>> = {
  type: 'must be empty',
  additionalProperties: 'must be undefined',
  default: 'must be undefined',
  title: 'must be empty',
  description: 'must be empty',
  nullable: 'must be false',
  'x-kubernetes-preserve-unknown-fields': 'must be false',
  'x-kubernetes-embedded-resource': 'must be false',
  'x-kubernetes-int-or-string': 'must be false',
  'x-kubernetes-list-map-keys': 'must be empty',
  'x-kubernetes-list-type': 'must be undefined',
  'x-kubernetes-map-type': 'must be undefined',
  'x-kubernetes-validations': 'must be empty',
};

/** These count even where they have Go's zero value. */
const givenAtAll = new Set(['default', 'x-kubernetes-list-type', 'x-kubernetes-map-type']);

function checkNested(props: Props, path: string, except: Exceptions, causes: StatusCause[]): void {
  checkValues(props, path, except, causes);
  if (isObject(props.items)) checkNested(props.items, `${path}.items`, none, causes);
  const properties = fieldsOf(props.properties);
  for (const [name, property] of Object.entries(properties))
    checkNested(property, `${path}.properties[${name}]`, none, causes);
  for (const [keyword, rule] of Object.entries(onlyOutside)) {
    const value = props[keyword];
    if (givenAtAll.has(keyword) ? value !== undefined && value !== null : isGiven(value))
      causes.push(forbiddenField(`${path}.${keyword}`, `${rule} to be structural`));
  }
  if (properties.metadata)
    causes.push(forbiddenField(`${path}.properties[metadata]`, 'must not be specified in a nested context'));
}

/** Whatever the combinations of the root speak of must also stand outside of them. */
function checkComplete(values: Props, form: Props, formPath: string, path: string, causes: StatusCause[]): void {
  if (isObject(values.not)) checkNestedComplete(values.not, form, formPath, `${path}.not`, causes);
  for (const name of combinations) {
    for (const [index, each] of schemasOf(values[name]).entries())
      checkNestedComplete(each, form, formPath, `${path}.${name}[${index}]`, causes);
  }
}

function checkNestedComplete(
  values: Props,
  form: Props | undefined,
  formPath: string,
  path: string,
  causes: StatusCause[],
): void {
  if (!form) {
    causes.push(requiredValue(formPath, `because it is defined in ${path}`));
    return;
  }
  checkComplete(values, form, formPath, path, causes);
  if (isObject(values.items)) {
    const items = isObject(form.items) ? form.items : undefined;
    checkNestedComplete(values.items, items, `${formPath}.items`, `${path}.items`, causes);
  }
  const known = fieldsOf(form.properties);
  for (const [name, property] of Object.entries(fieldsOf(values.properties))) {
    const at = `.properties[${name}]`;
    checkNestedComplete(property, known[name], formPath + at, path + at, causes);
  }
}

/** For those who need not know why. */
export const isStructural = (props: Props): boolean =>
  canBeStructural(props) && structuralCauses(props, '').length === 0;

export const mapKeysOf = (props: Props): readonly string[] => listOf(props['x-kubernetes-list-map-keys']).map(textOf);
