/** Defaults must be what their schema allows, with nothing in them that would be pruned. */
import type { JsonValue } from '#kube/meta/object.ts';
import { schemaFromOpenApi } from '#kube/openapi/openapi.ts';
import { prune } from '#kube/schema/prune.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { validateSchema } from '#kube/schema/validate.ts';
import { invalidValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';
import { embeddedCauses, embeddedTypeError } from '../../registry/custom/embedded.ts';
import { fieldsOf, isObject, type Props } from './props.ts';

/** What rules say of a default; made where there are rules. */
export type CheckDefault = (props: Props, value: JsonValue, path: string, isRoot: boolean) => readonly StatusCause[];

interface Looking {
  readonly unpruned: boolean;
  readonly checkDefault: CheckDefault | undefined;
}

/** Names on the way from the nearest whole object, and its schema. */
interface Surrounding {
  readonly root: Props;
  readonly names: readonly string[];
  readonly insideMeta: boolean;
}

export function defaultCauses(
  root: Props,
  path: string,
  unpruned = false,
  checkDefault?: CheckDefault,
): readonly StatusCause[] {
  return look(root, path, { root, names: [], insideMeta: false }, { unpruned, checkDefault });
}

/** Whether any default has something in it that its schema does not know. */
export function hasUnprunedDefaults(root: Props): boolean {
  return defaultCauses(root, '').some(({ message }) => message?.endsWith(unknownFields) === true);
}

const unknownFields = 'must not have unknown fields';

function look(props: Props, path: string, around: Surrounding, looking: Looking): readonly StatusCause[] {
  const isWhole = props['x-kubernetes-embedded-resource'] === true;
  const here = isWhole ? { root: props, names: [], insideMeta: false } : around;
  const causes: StatusCause[] = [];
  if (props.default !== undefined && props.default !== null)
    causes.push(...oneDefault(props, props.default, `${path}.default`, here, looking));
  if (isObject(props.items))
    causes.push(...look(props.items, `${path}.items`, { ...here, names: [...here.names, '0'] }, looking));
  for (const [name, property] of Object.entries(fieldsOf(props.properties))) {
    const isEnvelope = here.names.length === 0 && ['metadata', 'apiVersion', 'kind'].includes(name);
    const insideMeta = here.insideMeta || ((isWhole || props === around.root) && isEnvelope);
    const next = { ...here, names: [...here.names, name], insideMeta };
    causes.push(...look(property, `${path}.properties[${name}]`, next, looking));
  }
  return causes;
}

function oneDefault(
  props: Props,
  value: JsonValue,
  path: string,
  around: Surrounding,
  looking: Looking,
): readonly StatusCause[] {
  const schema = schemaFromOpenApi(props);
  const causes: StatusCause[] = [];
  if (!around.insideMeta && !looking.unpruned && prune(schema, value).value !== value)
    causes.push(invalidValue(path, value, unknownFields));
  const envelope = around.insideMeta ? inMetadata(value, path, around) : inEnvelope(schema, value, path);
  const wrong = envelope.length > 0 ? envelope : validateSchema(schema, value, path);
  causes.push(...wrong);
  const isRoot = props === around.root;
  if (wrong.length === 0 && looking.checkDefault) causes.push(...looking.checkDefault(props, value, path, isRoot));
  return causes;
}

/** Objects inside a default. */
function inEnvelope(schema: Schema, value: JsonValue, path: string): readonly StatusCause[] {
  const unreadable = embeddedTypeError(schema, value);
  const prefixed = (field = '') => (field === '' ? path : `${path}.${field}`);
  if (unreadable) return [{ ...unreadable, field: prefixed(unreadable.field) }];
  return embeddedCauses(schema, value).map((cause) => ({ ...cause, field: prefixed(cause.field) }));
}

/** A default inside metadata is seen in the object it would be part of. */
function inMetadata(value: JsonValue, path: string, { root, names }: Surrounding): readonly StatusCause[] {
  const placed = names.reduceRight<JsonValue>((inner, name) => (name === '0' ? [inner] : { [name]: inner }), value);
  const object = { apiVersion: 'validation/v1', kind: 'Validation', ...(placed as object) };
  const schema = { ...schemaFromOpenApi(root), embeddedResource: true };
  const unreadable = embeddedTypeError(schema, object);
  const found = unreadable ? [unreadable] : embeddedCauses(schema, object);
  if (found.length === 0) return [];
  const texts = found.map(({ field, message }) => `${field}: ${message}`);
  const text = texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`;
  return [invalidValue(path, value, `must result in valid metadata: ${text}`)];
}
