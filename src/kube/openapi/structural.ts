/**
 * Whether a CRD's openAPIV3Schema is a structural schema, in kube-apiserver's words (apiextensions-apiserver's
 * validation of CustomResourceDefinitions and of structural schemas).
 */
import type { JsonObject, JsonValue } from '../meta/object.ts';
import { patternOf } from '../schema/pattern.ts';
import { validateSchema } from '../schema/validate.ts';
import { forbiddenField, invalidValue, requiredValue, unsupportedValue } from '../status/causes.ts';
import type { StatusCause } from '../status/status.ts';
import { isObject, schemaFromOpenApi } from './read.ts';

/** Where a node stands; inside allOf, anyOf, oneOf and not other rules hold. */
type Place = 'root' | 'property' | 'item' | 'combination';

interface Walk {
  readonly causes: StatusCause[];
}

/** `path` is the field of the schema: `spec.versions[0].schema.openAPIV3Schema`. */
export function structuralCauses(props: JsonObject, path: string): readonly StatusCause[] {
  const walk: Walk = { causes: [] };
  checkNode(props, path, 'root', walk);
  return walk.causes;
}

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const unsupportedKeywords = [
  '$ref',
  '$schema',
  'definitions',
  'dependencies',
  'id',
  'patternProperties',
  'additionalItems',
];
const combinations = ['allOf', 'anyOf', 'oneOf'] as const;

function checkNode(props: JsonObject, path: string, place: Place, walk: Walk): void {
  for (const keyword of unsupportedKeywords)
    if (props[keyword] !== undefined)
      walk.causes.push(forbiddenField(`${path}.${keyword}`, `${keyword} is not supported`));
  if (place === 'combination') checkCombined(props, path, walk);
  else checkType(props, path, place, walk);
  checkValues(props, path, walk);
  checkLists(props, path, walk);
  checkChildren(props, path, place, walk);
  if (place !== 'combination') for (const name of combinations) checkMentioned(props, props, path, name, walk);
}

const emptyType: Readonly<Record<Exclude<Place, 'combination'>, string>> = {
  root: 'must not be empty at the root',
  property: 'must not be empty for specified object fields',
  item: 'must not be empty for specified array items',
};

function checkType(props: JsonObject, path: string, place: Exclude<Place, 'combination'>, walk: Walk): void {
  const { type } = props;
  const intOrString = props['x-kubernetes-int-or-string'] === true;
  const preserve = props['x-kubernetes-preserve-unknown-fields'] === true;
  if (intOrString && type)
    walk.causes.push(forbiddenField(`${path}.type`, 'must be empty if x-kubernetes-int-or-string is true'));
  if (type === undefined || type === '') {
    if (place === 'root' || !(intOrString || preserve))
      walk.causes.push(requiredValue(`${path}.type`, emptyType[place]));
  } else if (place === 'root' && type !== 'object') {
    walk.causes.push(invalidValue(`${path}.type`, type, 'must be object at the root'));
  } else if (!types.includes(type as string)) {
    walk.causes.push(unsupportedValue(`${path}.type`, type, types));
  }
  if (props['x-kubernetes-preserve-unknown-fields'] === false)
    walk.causes.push(invalidValue(`${path}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined'));
  if (props['x-kubernetes-embedded-resource'] === true) checkEmbedded(props, path, walk);
}

function checkEmbedded(props: JsonObject, path: string, walk: Walk): void {
  if (props.type !== 'object')
    walk.causes.push(
      invalidValue(`${path}.type`, props.type ?? '', 'must be object if x-kubernetes-embedded-resource is true'),
    );
  if (props.properties === undefined && props['x-kubernetes-preserve-unknown-fields'] !== true) {
    const detail =
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields';
    walk.causes.push(requiredValue(`${path}.properties`, detail));
  }
}

/** What may be said only once, outside of allOf and its like. */
const structureKeywords = [
  'additionalProperties',
  'default',
  'description',
  'nullable',
  'title',
  'type',
  'x-kubernetes-embedded-resource',
  'x-kubernetes-int-or-string',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-list-type',
  'x-kubernetes-map-type',
  'x-kubernetes-preserve-unknown-fields',
];

function checkCombined(props: JsonObject, path: string, walk: Walk): void {
  for (const keyword of structureKeywords) {
    // The two alternatives of an int-or-string name their types; controller-gen writes them so.
    if (keyword === 'type' && isIntOrStringAlternative(props)) continue;
    if (props[keyword] !== undefined && props[keyword] !== false && props[keyword] !== '')
      walk.causes.push(forbiddenField(`${path}.${keyword}`, 'must be empty to be structural'));
  }
}

const isIntOrStringAlternative = (props: JsonObject): boolean =>
  Object.keys(props).length === 1 && (props.type === 'integer' || props.type === 'string');

function checkValues(props: JsonObject, path: string, walk: Walk): void {
  const { pattern, uniqueItems } = props;
  if (typeof pattern === 'string' && patternOf(pattern) === undefined)
    walk.causes.push(invalidValue(`${path}.pattern`, pattern, 'must be a valid regular expression'));
  if (uniqueItems === true) {
    const detail = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic';
    walk.causes.push(forbiddenField(`${path}.uniqueItems`, detail));
  }
  if (props.default === undefined || props.default === null) return;
  const { default: value, ...rest } = props;
  walk.causes.push(...validateSchema(schemaFromOpenApi(rest), value, `${path}.default`));
}

function checkLists(props: JsonObject, path: string, walk: Walk): void {
  const listType = props['x-kubernetes-list-type'];
  const keys = props['x-kubernetes-list-map-keys'];
  const keysPath = `${path}.x-kubernetes-list-map-keys`;
  if (listType !== undefined) {
    const known = ['atomic', 'map', 'set'];
    if (props.type !== 'array')
      walk.causes.push(
        invalidValue(`${path}.type`, props.type ?? '', 'must be array if x-kubernetes-list-type is specified'),
      );
    if (!known.includes(listType as string))
      walk.causes.push(unsupportedValue(`${path}.x-kubernetes-list-type`, listType, known));
  }
  if (listType === 'map') {
    if (!Array.isArray(keys) || keys.length === 0)
      walk.causes.push(requiredValue(keysPath, 'must not be empty if x-kubernetes-list-type is map'));
    else checkMapKeys(props, keys as readonly string[], path, walk);
  } else if (keys !== undefined) {
    walk.causes.push(forbiddenField(keysPath, 'must be empty if x-kubernetes-list-type is not map'));
  }
}

function checkMapKeys(props: JsonObject, keys: readonly string[], path: string, walk: Walk): void {
  const items = isObject(props.items) ? props.items : {};
  const properties = isObject(items.properties) ? items.properties : {};
  const required = Array.isArray(items.required) ? (items.required as readonly string[]) : [];
  keys.forEach((key, index) => {
    const property = properties[key];
    if (property === undefined) {
      const detail = 'entries must all be names of item properties';
      walk.causes.push(invalidValue(`${path}.x-kubernetes-list-map-keys[${index}]`, key, detail));
    } else if (!required.includes(key) && (!isObject(property) || property.default === undefined)) {
      const detail =
        'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property';
      walk.causes.push(requiredValue(`${path}.items.properties[${key}].default`, detail));
    }
  });
}

function checkChildren(props: JsonObject, path: string, place: Place, walk: Walk): void {
  const { properties, additionalProperties, items, not } = props;
  const inside = place === 'combination' ? 'combination' : 'property';
  if (isObject(properties)) {
    for (const [name, property] of Object.entries(properties))
      if (isObject(property)) checkNode(property, `${path}.properties[${name}]`, inside, walk);
  }
  if (additionalProperties === false)
    walk.causes.push(forbiddenField(`${path}.additionalProperties`, 'additionalProperties cannot be set to false'));
  if (isObject(additionalProperties)) {
    if (isObject(properties) && Object.keys(properties).length > 0) {
      const detail = 'additionalProperties and properties are mutual exclusive';
      walk.causes.push(forbiddenField(`${path}.additionalProperties`, detail));
    }
    if (place !== 'combination') checkNode(additionalProperties, `${path}.additionalProperties`, 'property', walk);
  }
  checkItems(items, props.type, path, place, walk);
  for (const name of combinations) {
    const alternatives = props[name];
    if (!Array.isArray(alternatives)) continue;
    (alternatives as readonly JsonValue[]).forEach((each, index) => {
      if (isObject(each)) checkNode(each, `${path}.${name}[${index}]`, 'combination', walk);
    });
  }
  if (isObject(not)) checkNode(not, `${path}.not`, 'combination', walk);
}

function checkItems(
  items: JsonValue | undefined,
  type: JsonValue | undefined,
  path: string,
  place: Place,
  walk: Walk,
): void {
  if (Array.isArray(items)) {
    walk.causes.push(forbiddenField(`${path}.items`, 'items must be a schema object and not an array'));
  } else if (isObject(items)) {
    checkNode(items, `${path}.items`, place === 'combination' ? 'combination' : 'item', walk);
  } else if (type === 'array' && place !== 'combination') {
    walk.causes.push(requiredValue(`${path}.items`, 'must be specified'));
  }
}

/** Whatever a combination speaks of must also stand outside of it. */
function checkMentioned(
  outer: JsonObject,
  inner: JsonObject,
  path: string,
  name: (typeof combinations)[number],
  walk: Walk,
): void {
  const alternatives = inner[name];
  if (!Array.isArray(alternatives)) return;
  (alternatives as readonly JsonValue[]).forEach((each, index) => {
    if (!isObject(each) || !isObject(each.properties)) return;
    const known = isObject(outer.properties) ? outer.properties : {};
    for (const field of Object.keys(each.properties)) {
      if (known[field] !== undefined || outer.additionalProperties !== undefined) continue;
      const detail = `because it is defined in ${path}.${name}[${index}].properties[${field}]`;
      walk.causes.push(requiredValue(`${path}.properties[${field}]`, detail));
    }
  });
}
