/**
 * The tables of built-in kinds that tools/generate wrote, and how a schema comes out of them. A component is decoded on
 * first use and shared by all kinds and servers of the process.
 */
import discoveryJson from '#data/kubernetes/discovery.json' with { type: 'json' };
import schemasJson from '#data/kubernetes/schemas.json' with { type: 'json' };
import type { Schema } from '#kube/schema/schema.ts';

/** A Schema whose children are numbers into `nodes`. A node with a component refers to it; what else it has adds to it. */
interface TableNode extends Omit<Schema, 'properties' | 'items' | 'additionalProperties' | 'oneOf'> {
  readonly properties?: Readonly<Record<string, number>>;
  readonly items?: number;
  readonly additionalProperties?: number;
  readonly oneOf?: readonly number[];
}

interface SchemaTable {
  readonly nodes: readonly TableNode[];
  readonly components: Readonly<Record<string, TableNode>>;
}

export interface SubresourceRow {
  readonly name: string;
  readonly kind: string;
  /** Of another group version: `policy/v1`. */
  readonly apiVersion?: string;
  readonly verbs: readonly string[];
}

/** What is left out is the ordinary: the eight verbs, namespaced, no short names, the lower-case kind as singular. */
export interface ResourceRow {
  readonly name: string;
  readonly kind: string;
  readonly component: string;
  readonly cluster?: boolean;
  readonly singular?: string;
  readonly verbs?: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  /** [name, type, priority, format]. */
  readonly columns?: readonly (readonly [string, string, number?, string?])[];
  readonly subresources?: readonly SubresourceRow[];
}

interface DiscoveryTable {
  readonly version: string;
  readonly groups: Readonly<Record<string, Readonly<Record<string, readonly ResourceRow[]>>>>;
}

// The compiler's view of a large JSON literal is of no use; the generator's test says that the shapes hold.
const discovery = discoveryJson as unknown as DiscoveryTable;
const table = schemasJson as unknown as SchemaTable;

/** The Kubernetes release the tables were read from: `v1.35.3`. */
export const kubernetesVersion = discovery.version;

/** Rows by group and version, in discovery's order: preferred version first. */
export const builtinResources = discovery.groups;

type Open<T> = { -readonly [K in keyof T]: T[K] };

const components = new Map<string, Schema>();
const nodes: (Schema | undefined)[] = [];

/** The schema published under this name. Throws RangeError for a name that is not in the tables. */
export function builtinComponent(name: string): Schema {
  const known = components.get(name);
  if (known) return known;
  const row = table.components[name];
  if (!row) throw new RangeError(`no built-in schema is called ${name}`);
  const { properties, items, additionalProperties, oneOf, ...own } = row;
  // A component may contain itself, so it is known, with its still empty properties, before its children are made.
  const fields: Record<string, Schema> = {};
  const schema: Open<Schema> = { ...own, component: name };
  if (properties) schema.properties = fields;
  if (items !== undefined) schema.items = nodeSchema(items);
  if (additionalProperties !== undefined) schema.additionalProperties = nodeSchema(additionalProperties);
  if (oneOf) schema.oneOf = oneOf.map(nodeSchema);
  components.set(name, schema);
  for (const field in properties) fields[field] = nodeSchema(properties[field]!);
  return schema;
}

/** All component names, for whoever publishes them. */
export const builtinComponents = (): readonly string[] => Object.keys(table.components);

function nodeSchema(index: number): Schema {
  let schema = nodes[index];
  if (schema === undefined) {
    schema = makeNode(table.nodes[index]!);
    nodes[index] = schema;
  }
  return schema;
}

function makeNode(node: TableNode): Schema {
  const { component, properties, items, additionalProperties, oneOf, ...own } = node;
  const made: Open<Schema> = own;
  if (properties) made.properties = mapValues(properties, nodeSchema);
  if (items !== undefined) made.items = nodeSchema(items);
  if (additionalProperties !== undefined) made.additionalProperties = nodeSchema(additionalProperties);
  if (oneOf) made.oneOf = oneOf.map(nodeSchema);
  if (component === undefined) return made;
  const target = builtinComponent(component);
  return Object.keys(made).length === 0 ? target : { ...target, ...made };
}

function mapValues<T>(record: Readonly<Record<string, number>>, change: (value: number) => T): Record<string, T> {
  const result: Record<string, T> = {};
  for (const key in record) result[key] = change(record[key]!);
  return result;
}
