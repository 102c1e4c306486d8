/** Rules about every schema of a definition, the ones inside combinations too (ValidateCustomResourceDefinitionOpenAPISchema). */
import { forbiddenField, invalidValue, unsupportedValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';
import { type Leniency, openApiTypes } from './leniency.ts';
import { markCauses } from './list-marks.ts';
import { combinations, fieldsOf, isGiven, isObject, type Props, schemasOf, textOf } from './props.ts';
import { type Cardinality, childCardinality } from './rule-cardinality.ts';
import { ruleFormCauses } from './rule-form.ts';

/** Where a schema stands. */
export interface Place {
  readonly path: string;
  readonly isRoot: boolean;
  /** Why a default may not stand here; undefined where it may. */
  readonly noDefaults?: string;
  /** Inside apiVersion, kind or metadata of an object. */
  readonly insideMeta: boolean;
  /** The first list or map on the way whose parts cannot be told to be the ones they were. */
  readonly uncorrelatable?: string;
  /** How many values it may be about; undefined inside combinations, where no rules stand. */
  readonly cardinality: Cardinality | undefined;
}

/** What CEL has to say about the rules of one schema. */
export type CheckRules = (props: Props, place: Place) => readonly StatusCause[];

interface Found {
  readonly schema: StatusCause[];
  readonly rules: StatusCause[];
}

export interface Looking {
  readonly lenient: Leniency;
  /** Absent where the schemas are wrong already. */
  readonly checkRules: CheckRules | undefined;
}

/** First all that is wrong with schemas, then all that is wrong with rules. */
export function openApiCauses(root: Props, path: string, looking: Looking): readonly StatusCause[] {
  const place: Place = { path, isRoot: true, insideMeta: false, cardinality: looking.checkRules && 1n };
  const { schema, rules } = look(root, place, looking);
  return [...schema, ...rules];
}

function look(props: Props, place: Place, looking: Looking): Found {
  const found: Found = { schema: [...unsupported(props, place, looking.lenient)], rules: [] };
  const enter = (child: unknown, next: Partial<Place> & { readonly path: string }) => {
    if (!isObject(child)) return;
    const below = look(child, { ...place, isRoot: false, ...next }, looking);
    found.schema.push(...below.schema);
    found.rules.push(...below.rules);
  };
  const { path } = place;
  if (props.uniqueItems === true) {
    const detail = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic';
    found.schema.push(forbiddenField(`${path}.uniqueItems`, detail));
  }
  enterFields(props, place, found, enter);
  enterCombinations(props, path, enter);
  enterItems(props, place, enter);
  if (props['x-kubernetes-preserve-unknown-fields'] === false)
    found.schema.push(invalidValue(`${path}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined'));
  found.schema.push(...markCauses(props, path, looking.lenient), ...ruleFormCauses(props, path));
  if (found.schema.length === 0 && place.cardinality !== undefined && looking.checkRules)
    found.rules.push(...looking.checkRules(props, place));
  return found;
}

type Enter = (child: unknown, next: Partial<Place> & { readonly path: string }) => void;

const envelope = new Set(['metadata', 'kind', 'apiVersion']);

function enterFields(props: Props, place: Place, found: Found, enter: Enter): void {
  const { path, isRoot, insideMeta } = place;
  const properties = fieldsOf(props.properties);
  const { additionalProperties } = props;
  const cardinality = childCardinality(props, place.cardinality);
  if (additionalProperties !== undefined && additionalProperties !== null) {
    if (Object.keys(properties).length > 0 && additionalProperties !== true)
      found.schema.push(
        forbiddenField(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'),
      );
    const noDefaults = insideMeta ? 'inside additionalProperties applying to object metadata' : place.noDefaults;
    enter(additionalProperties, {
      path: `${path}.additionalProperties`,
      cardinality,
      ...(noDefaults === undefined ? {} : { noDefaults }),
    });
  }
  for (const [name, property] of Object.entries(properties)) {
    const isEnvelope = (isRoot || props['x-kubernetes-embedded-resource'] === true) && envelope.has(name);
    enter(property, {
      path: `${path}.properties[${name}]`,
      cardinality,
      ...(isEnvelope ? { insideMeta: true } : {}),
      ...(isEnvelope && isRoot ? { noDefaults: `in top-level ${name}` } : {}),
    });
  }
}

const uncorrelated = ({ uncorrelatable, path }: Place) => ({ uncorrelatable: uncorrelatable ?? path });

function enterCombinations(props: Props, path: string, enter: Enter): void {
  const silent = { cardinality: undefined };
  enter(props.not, { path: `${path}.not`, ...silent });
  for (const name of combinations) {
    for (const [index, each] of schemasOf(props[name]).entries())
      enter(each, { path: `${path}.${name}[${index}]`, ...silent });
  }
  for (const keyword of ['definitions', 'dependencies']) {
    for (const [name, each] of Object.entries(fieldsOf(props[keyword])))
      enter(each, { path: `${path}.${keyword}[${name}]`, ...silent });
  }
}

function enterItems(props: Props, place: Place, enter: Enter): void {
  const { items } = props;
  const cardinality = childCardinality(props, place.cardinality);
  const next = { cardinality, ...(props['x-kubernetes-list-type'] === 'map' ? {} : uncorrelated(place)) };
  enter(items, { path: `${place.path}.items`, ...next });
  for (const [index, each] of schemasOf(items).entries())
    enter(each, { path: `${place.path}.items[${index}]`, ...next });
}

/** In the order upstream asks; `null` of a type is said twice there, too. */
function unsupported(props: Props, place: Place, lenient: Leniency): readonly StatusCause[] {
  const { path, noDefaults } = place;
  const causes: StatusCause[] = [];
  const refuse = (keyword: string, detail: string) => causes.push(forbiddenField(`${path}.${keyword}`, detail));
  const type = textOf(props.type);
  if (type !== '' && !lenient.propertyTypes && !openApiTypes.includes(type))
    causes.push(unsupportedValue(`${path}.type`, type, openApiTypes));
  if (noDefaults !== undefined && props.default !== undefined && props.default !== null)
    refuse('default', `must not be set ${noDefaults}`);
  if (isGiven(props.id)) refuse('id', 'id is not supported');
  if (props.additionalItems !== undefined && props.additionalItems !== null)
    refuse('additionalItems', 'additionalItems is not supported');
  for (const keyword of ['patternProperties', 'definitions']) {
    if (Object.keys(fieldsOf(props[keyword])).length > 0) refuse(keyword, `${keyword} is not supported`);
  }
  if (props.dependencies !== undefined && props.dependencies !== null)
    refuse('dependencies', 'dependencies is not supported');
  if (props.$ref !== undefined && props.$ref !== null) refuse('$ref', '$ref is not supported');
  if (type === 'null') refuse('type', 'type cannot be set to null, use nullable as an alternative');
  if (Array.isArray(props.items) && props.items.length > 0)
    refuse('items', 'items must be a schema object and not an array');
  if (place.insideMeta && props['x-kubernetes-embedded-resource'] === true)
    refuse('x-kubernetes-embedded-resource', 'must not be used inside of resource meta');
  return causes;
}
