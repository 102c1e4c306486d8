/** TypeScript interfaces and resource refs of the kinds in kinds.ts, made from their schemas. */
import { type Facts, groupVersionPath, type OpenApiSchema } from './facts.ts';
import { sharedTypes, typedKinds } from './kinds.ts';

const referencePrefix = '#/components/schemas/';
const typesHeader = `/** Made by tools/generate from a real kube-apiserver's OpenAPI; what is present is what it always writes. Do not edit. */
import type {
  Condition,
  JsonObject,
  JsonValue,
  KubeObject,
  ManagedFieldsEntry,
  ObjectMeta,
  OwnerReference,
} from '#kube/meta/object.ts';

/** resource.Quantity; canonical strings once an API server has stored it. */
export type Quantity = string | number;
export type IntOrString = number | string;
`;

const refsHeader = `/** Made by tools/generate from a real kube-apiserver's discovery. Do not edit. */
import type { ResourceRef } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type * as types from './types.generated.ts';

/** Where a resource is, and what type its objects have: fits wherever a client wants a TypedResource. */
export interface TypedRef<T extends KubeObject> extends ResourceRef {
  /** Carries the type only; never set. */
  readonly objectType?: T;
}
`;

/** The interfaces; only types, so that nothing of it is loaded when the program runs. */
export function typesFile(facts: Facts): string {
  const names = nameComponents(facts, rootsOf(facts));
  const interfaces = [...names].sort(byText).map(([component, name]) => interfaceOf(facts, component, name, names));
  return `${typesHeader}\n${interfaces.join('\n')}`;
}

/** One ref for each kind that is a resource of its own. */
export function refsFile(facts: Facts): string {
  const roots = rootsOf(facts);
  const names = nameComponents(facts, roots);
  const refs = roots.filter((root) => root.resource).map((root) => refOf(root, names));
  return `${refsHeader}\n${refs.join('\n')}\n`;
}

const rootsOf = (facts: Facts): readonly Root[] => typedKinds.map((text) => rootOf(facts, text));

const byText = ([, left]: [string, string], [, right]: [string, string]) => (left < right ? -1 : 1);

interface Root {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly component: string;
  readonly resource: { readonly name: string; readonly namespaced: boolean } | undefined;
}

function rootOf(facts: Facts, text: string): Root {
  const [group = '', version = '', kind = ''] = text.split('/');
  const found = Object.entries(facts.schemas).find(([, schema]) =>
    ((schema['x-kubernetes-group-version-kind'] ?? []) as readonly Record<string, string>[]).some(
      (each) => each.group === group && each.version === version && each.kind === kind,
    ),
  );
  if (!found) throw new Error(`no schema for ${text}`);
  const resources = facts.resources[groupVersionPath(group, version)] ?? [];
  const resource = resources.find((each) => each.kind === kind && !each.name.includes('/'));
  return { group, version, kind, component: found[0], resource };
}

/** Every component the roots reach, with the name of its interface: its last part, with its group before it if taken. */
function nameComponents(facts: Facts, kinds: readonly Root[]): Map<string, string> {
  const roots = kinds.map(({ component }) => component);
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const queue = [...roots];
  for (let component = queue.shift(); component !== undefined; component = queue.shift()) {
    if (names.has(component) || (sharedTypes[component] && !roots.includes(component))) continue;
    const parts = component.split('.');
    const last = parts.at(-1)!;
    const group = parts.at(-3)!;
    const name = taken.has(last) ? `${group[0]!.toUpperCase()}${group.slice(1)}${last}` : last;
    if (taken.has(name)) throw new Error(`two components want the name ${name}`);
    taken.add(name);
    names.set(component, name);
    collect(facts.schemas[component]!, queue);
  }
  return names;
}

function collect(schema: OpenApiSchema, into: string[]): void {
  if (typeof schema.$ref === 'string') into.push(schema.$ref.slice(referencePrefix.length));
  for (const child of Object.values((schema.properties ?? {}) as OpenApiSchema)) collect(child as OpenApiSchema, into);
  if (schema.items) collect(schema.items as OpenApiSchema, into);
  if (schema.additionalProperties) collect(schema.additionalProperties as OpenApiSchema, into);
}

function interfaceOf(facts: Facts, component: string, name: string, names: ReadonlyMap<string, string>): string {
  const schema = facts.schemas[component]!;
  const properties = Object.entries((schema.properties ?? {}) as Record<string, OpenApiSchema>);
  if (schema.type !== 'object' || !schema.properties) {
    return schema.properties || schema.type === 'object'
      ? `export type ${name} = ${typeText(schema, names)};\n`
      : `export type ${name} = JsonValue;\n`;
  }
  const object = ['apiVersion', 'kind', 'metadata'].every((field) => properties.some(([each]) => each === field));
  const required = new Set((schema.required ?? []) as readonly string[]);
  const fields = properties
    .filter(([field]) => !(object && ['apiVersion', 'kind', 'metadata'].includes(field)))
    .map(([field, property]) => {
      const present = required.has(field) || (field === 'spec' && property.default !== undefined);
      return `  readonly ${key(field)}${present ? '' : '?'}: ${typeText(property, names)};`;
    });
  return [`export interface ${name}${object ? ' extends KubeObject' : ''} {`, ...fields, '}', ''].join('\n');
}

const key = (field: string) => (/^[A-Za-z_][A-Za-z0-9_]*$/.test(field) ? field : `'${field}'`);

function typeText(schema: OpenApiSchema, names: ReadonlyMap<string, string>): string {
  if (typeof schema.$ref === 'string') {
    const component = schema.$ref.slice(referencePrefix.length);
    return names.get(component) ?? sharedTypes[component] ?? 'JsonValue';
  }
  if (schema.type === 'array') {
    const items = typeText(schema.items as OpenApiSchema, names);
    return `readonly ${items.includes(' ') ? `(${items})` : items}[]`;
  }
  if (schema.type === 'object') {
    if (!schema.additionalProperties) return 'JsonObject';
    return `Readonly<Record<string, ${typeText(schema.additionalProperties as OpenApiSchema, names)}>>`;
  }
  if (schema.type === 'string') return stringText(schema);
  if (schema.type === 'integer' || schema.type === 'number') return 'number';
  return schema.type === 'boolean' ? 'boolean' : 'JsonValue';
}

function stringText({ enum: values }: OpenApiSchema): string {
  return values ? (values as readonly string[]).map((value) => `'${value}'`).join(' | ') : 'string';
}

function refOf({ group, version, kind, component, resource }: Root, names: ReadonlyMap<string, string>): string {
  const name = names.get(component)!;
  const plural = resource!.name;
  const constant = pluralName(name, plural);
  const fields = `group: '${group}', version: '${version}', kind: '${kind}', resource: '${plural}', namespaced: ${resource!.namespaced}`;
  return `export const ${constant}: TypedRef<types.${name}> = { ${fields} };`;
}

/** `NetworkPolicy` -> `NetworkPolicies`: the kind's letters as far as the plural keeps them. A kind that is its own plural gets `Objects`. */
function pluralName(kind: string, plural: string): string {
  let same = 0;
  while (same < kind.length && kind[same]!.toLowerCase() === plural[same]) same++;
  const name = kind.slice(0, same) + plural.slice(same);
  return name === kind ? `${kind}Objects` : name;
}
