/** What `explain` prints of a kind or of one of its fields, in kubectl's layout. */
import type { JsonValue } from '#kube/meta/object.ts';
import { type FieldSchema, filled, type OpenApiDocument, referred } from './document.ts';
import { indented, wrapped } from './wrap.ts';

/** Of a line that is not a field's. */
const textWidth = 76;
const textIndent = 4;
const fieldWidth = 78;
/** Values named beside a field among others; a field's own page names all. */
const mostValues = 4;

type Seen = ReadonlySet<string>;
const nothingSeen: Seen = new Set();

export interface Page {
  readonly document: OpenApiDocument;
  readonly recursive: boolean;
}

/** Undefined where there is no such field. */
export function pageOf(page: Page, schema: FieldSchema, path: readonly string[]): string | undefined {
  return follow(page, schema, path, nothingSeen);
}

/** Lists and maps are passed through; `seen`: references followed since the last field, so that none is followed twice. */
function follow(page: Page, schema: FieldSchema, path: readonly string[], seen: Seen): string | undefined {
  const { $ref } = schema;
  const resolved = filled(referred(page.document, $ref)) ?? schema;
  const [field, ...below] = path;
  if (field === undefined) return whole(page, resolved);
  if ($ref && seen.has($ref)) return undefined;
  const known = $ref ? new Set([...seen, $ref]) : seen;
  const property = filled(ownProperty(resolved, field));
  if (property) {
    const rest = follow(page, property, below, nothingSeen);
    return rest === undefined || below.length > 0 ? rest : fieldHead(page, field, property) + rest;
  }
  const inner = filled(resolved.items) ?? filled(resolved.additionalProperties);
  if (inner) return follow(page, inner, path, known);
  for (const part of resolved.allOf ?? []) {
    const found = follow(page, part, path, known);
    if (found !== undefined) return found;
  }
  return undefined;
}

const ownProperty = ({ properties = {} }: FieldSchema, name: string): FieldSchema | undefined =>
  Object.hasOwn(properties, name) ? properties[name] : undefined;

function fieldHead({ document }: Page, name: string, schema: FieldSchema): string {
  const values = schema.enum?.length ? `ENUM:${schema.enum.map((value) => `\n    ${shown(value)}`).join('')}` : '';
  return `FIELD: ${name} <${typeOf(document, schema)}>\n${values}\n\n`;
}

function whole(page: Page, schema: FieldSchema): string {
  const description = descriptionOf(page.document, schema) || '<empty>';
  const docs = docsOf(schema, 0, 0);
  const fields = fieldList(page, schema, 1, nothingSeen);
  return [
    `DESCRIPTION:\n${indented(wrapped(description, textWidth), textIndent)}\n`,
    docs === '' ? '' : `\n${docs}`,
    fields === '' ? '' : `FIELDS:\n${fields}`,
  ].join('');
}

/** Its own, and those of what it is made of, a line each. */
function descriptionOf(document: OpenApiDocument, schema: FieldSchema): string {
  const resolved = filled(referred(document, schema.$ref)) ?? schema;
  const inner = [...(resolved.allOf ?? []), filled(resolved.items), filled(resolved.additionalProperties)];
  const own = resolved.description ? `${resolved.description}\n` : '';
  return own + inner.map((each) => (each ? descriptionOf(document, each) : '')).join('');
}

/** `indent`: of the field they are of, 0 for the whole; `title`: of their first line. */
function docsOf({ externalDocs }: FieldSchema, indent: number, title: number): string {
  if (!externalDocs) return '';
  const { description, url } = externalDocs;
  const text = description ? `${indented(wrapped(description, textWidth - indent), indent + textIndent)}\n` : '';
  const link = url ? `${indented(`URL: ${url}`, indent + textIndent)}\n` : '';
  return `${indented('EXTERNAL DOCS:', title)}\n${text}${link}`;
}

/** `seen`: references on the way down here; what comes back to one of them ends there. */
function fieldList(page: Page, schema: FieldSchema, level: number, seen: Seen): string {
  const { $ref } = schema;
  if ($ref && seen.has($ref)) return '';
  const known = $ref ? new Set([...seen, $ref]) : seen;
  const resolved = filled(referred(page.document, $ref)) ?? schema;
  const properties = Object.entries(resolved.properties ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const required = new Set(resolved.required);
  const own = properties.map(
    ([name, field]) =>
      fieldLines(page, name, field, { level, required: required.has(name) }) +
      (page.recursive ? fieldList(page, field, level + 1, known) : ''),
  );
  const inner = [...(resolved.allOf ?? []), filled(resolved.items), filled(resolved.additionalProperties)];
  return [...own, ...inner.map((each) => (each ? fieldList(page, each, level, known) : ''))].join('');
}

function fieldLines(
  { document, recursive }: Page,
  name: string,
  schema: FieldSchema,
  { level, required }: { readonly level: number; readonly required: boolean },
): string {
  const indent = level * 2;
  const pad = ' '.repeat(indent);
  const values = (schema.enum ?? []).slice(0, mostValues).map(shown).join(', ');
  const more = (schema.enum?.length ?? 0) > mostValues ? ', ....' : '';
  const line = [
    `${pad}${name}\t<${typeOf(document, schema)}>${required ? ' -required-' : ''}`,
    schema.enum?.length ? `\n${pad}enum: ${values}${more}` : '',
    '\n',
  ].join('');
  if (recursive) return line;
  const description = wrapped(schema.description || '<no description>', fieldWidth - indent);
  const docs = docsOf(schema, indent, indent + 2);
  return `${line}${indented(description, indent + 2)}\n${docs === '' ? '' : `\n${docs}`}\n`;
}

const shown = (value: JsonValue): string => {
  if (value === null) return '<nil>';
  return typeof value === 'string' && value !== '' ? value : JSON.stringify(value);
};

/** `string`, `Object`, `[]Container`, `map[string]string`. */
function typeOf(document: OpenApiDocument, schema: FieldSchema): string {
  const { allOf = [], $ref, type } = schema;
  const items = filled(schema.items);
  if (items) return `[]${typeOf(document, items)}`;
  const values = filled(schema.additionalProperties);
  if (values) return `map[string]${typeOf(document, values)}`;
  const [only, ...others] = allOf;
  if (only && others.length === 0 && Object.keys(schema.properties ?? {}).length === 0) return typeOf(document, only);
  if ($ref) {
    const { type: referredType } = referred(document, $ref) ?? {};
    // A reference to a plain value is told by what it is, to an object by its name.
    if (referredType && referredType !== 'object') return referredType;
    return $ref.split(/[/.]/).at(-1) || 'Object';
  }
  return !type || type === 'object' ? 'Object' : type;
}
