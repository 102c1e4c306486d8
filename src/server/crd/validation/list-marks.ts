/** x-kubernetes-list-type, -list-map-keys and -map-type: what they may be, and what must be so for them to mean anything. */
import { forbiddenField, invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';
import type { Leniency } from './leniency.ts';
import { fieldsOf, isObject, listOf, type Props, textOf } from './props.ts';
import { mapKeysOf } from './structural.ts';

const listTypeMark = 'x-kubernetes-list-type';
const mapKeysMark = 'x-kubernetes-list-map-keys';
const mapTypeMark = 'x-kubernetes-map-type';

export function markCauses(props: Props, path: string, lenient: Leniency): readonly StatusCause[] {
  return [
    ...typeCauses(props, path, mapTypeMark, 'object'),
    ...knownCauses(props, path, mapTypeMark, ['atomic', 'granular']),
    ...typeCauses(props, path, listTypeMark, 'array'),
    ...(lenient.setItems || textOf(props.type) !== 'array' ? [] : setItemCauses(props, path)),
    ...knownCauses(props, path, listTypeMark, ['atomic', 'set', 'map']),
    ...mapKeyCauses(props, path),
    ...(lenient.mapKeys ? [] : keyFieldCauses(props, path)),
  ];
}

function typeCauses(props: Props, path: string, mark: string, wanted: string): readonly StatusCause[] {
  const type = textOf(props.type);
  if (typeof props[mark] !== 'string' || type === wanted) return [];
  const detail = `must be ${wanted} if ${mark} is specified`;
  return [type === '' ? requiredValue(`${path}.type`, detail) : invalidValue(`${path}.type`, type, detail)];
}

function knownCauses(props: Props, path: string, mark: string, known: readonly string[]): readonly StatusCause[] {
  const value = props[mark];
  return typeof value !== 'string' || known.includes(value) ? [] : [unsupportedValue(`${path}.${mark}`, value, known)];
}

/** Items of a set are told apart as wholes. */
export function setItemCauses(props: Props, path: string): readonly StatusCause[] {
  const { items } = props;
  if (props[listTypeMark] !== 'set' || !isObject(items)) return [];
  const detail = 'must be atomic as item of a list with x-kubernetes-list-type=set';
  const [listType, mapType] = [items[listTypeMark], items[mapTypeMark]];
  if (items.type === 'array' && listType !== undefined && listType !== null && listType !== 'atomic')
    return [invalidValue(`${path}.items.${listTypeMark}`, listType, detail)];
  // Here upstream shows the other mark.
  if (items.type === 'object' && mapType !== 'atomic')
    return [invalidValue(`${path}.items.${mapTypeMark}`, listType, detail)];
  return [];
}

function mapKeyCauses(props: Props, path: string): readonly StatusCause[] {
  const keys = listOf(props[mapKeysMark]);
  const listType = props[listTypeMark];
  const causes: StatusCause[] = [];
  if (keys.length > 0 && listType !== 'map') {
    const detail = `must be map if ${mapKeysMark} is non-empty`;
    const at = `${path}.${listTypeMark}`;
    causes.push(typeof listType === 'string' ? invalidValue(at, listType, detail) : requiredValue(at, detail));
  }
  if (listType !== 'map') return causes;
  if (keys.length === 0)
    causes.push(requiredValue(`${path}.${mapKeysMark}`, `must not be empty if ${listTypeMark} is map`));
  const { items } = props;
  if (!isObject(items)) {
    if (items === undefined || items === null)
      causes.push(requiredValue(`${path}.items`, `must have a schema if ${listTypeMark} is map`));
    return causes;
  }
  if (items.type !== 'object') {
    const detail = `must be object if parent array's ${listTypeMark} is map`;
    causes.push(invalidValue(`${path}.items.type`, textOf(items.type), detail));
    return causes;
  }
  return [...causes, ...eachKeyCauses(props, items, path)];
}

function eachKeyCauses(props: Props, items: Props, path: string): readonly StatusCause[] {
  const causes: StatusCause[] = [];
  const keys = mapKeysOf(props);
  const properties = fieldsOf(items.properties);
  for (const [index, key] of keys.entries()) {
    const type = properties[key]?.type;
    if (type === 'array' || type === 'object') {
      const detail = `must be a scalar type if parent array's ${listTypeMark} is map`;
      causes.push(invalidValue(`${path}.items.properties[${key}].type`, items.type, detail));
    } else if (!properties[key]) {
      causes.push(invalidValue(`${path}.${mapKeysMark}`, keys, 'entries must all be names of item properties'));
    }
    if (keys.indexOf(key) < index)
      causes.push(invalidValue(`${path}.${mapKeysMark}`, keys, 'must not contain duplicate entries'));
  }
  return causes;
}

/** Items of sets and keyed lists are something, and every key of an item is known. */
export function keyFieldCauses(props: Props, path: string): readonly StatusCause[] {
  const { items } = props;
  const listType = props[listTypeMark];
  if (!isObject(items) || (listType !== 'set' && listType !== 'map')) return [];
  const causes: StatusCause[] = [];
  if (items.nullable === true)
    causes.push(forbiddenField(`${path}.items.nullable`, `cannot be nullable when ${listTypeMark} is ${listType}`));
  if (listType === 'set') return causes;
  const required = listOf(items.required);
  const properties = fieldsOf(items.properties);
  for (const key of mapKeysOf(props)) {
    const property = properties[key];
    if (!property) continue;
    const at = `${path}.items.properties[${key}]`;
    const reason = `this property is in ${mapKeysMark}, so it`;
    if (!required.includes(key) && (property.default === undefined || property.default === null))
      causes.push(requiredValue(`${at}.default`, `${reason} must have a default or be a required property`));
    if (property.nullable === true) causes.push(forbiddenField(`${at}.nullable`, `${reason} cannot be nullable`));
  }
  return causes;
}
