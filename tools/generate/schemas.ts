/**
 * OpenAPI schemas as the compact table src/apis/kubernetes/tables.ts reads: `components` by name, every other distinct
 * node once in `nodes`, and every child a number into it. References become nodes `{component, …siblings}`.
 */
import type { OpenApiSchema } from './facts.ts';

/** A node of the table: keywords of `Schema`, children replaced by indexes into `nodes`. */
export type TableNode = Readonly<Record<string, unknown>>;

export interface SchemaTable {
  readonly nodes: readonly TableNode[];
  readonly components: Readonly<Record<string, TableNode>>;
}

/** OpenAPI's long names and the short ones of src/kube/schema/schema.ts; what is neither here nor in `kept` is an error. */
const renamed: Readonly<Record<string, string>> = {
  'x-kubernetes-list-type': 'listType',
  'x-kubernetes-list-map-keys': 'listMapKeys',
  'x-kubernetes-map-type': 'mapType',
  'x-kubernetes-patch-strategy': 'patchStrategy',
  'x-kubernetes-patch-merge-key': 'patchMergeKey',
  'x-kubernetes-unions': 'unions',
  'x-kubernetes-validations': 'validations',
};
const kept = new Set(['type', 'format', 'default', 'enum', 'required', 'pattern', 'minimum', 'maximum', 'nullable']);
/** Said elsewhere (discovery), or of no use to a server. */
const dropped = new Set(['x-kubernetes-group-version-kind', 'description']);

/** Components whose content the API server keeps as it is, though their schema does not say so. */
const anything = new Set(['RawExtension', 'FieldsV1', 'Patch']);

const referencePrefix = '#/components/schemas/';

export function schemaTable(schemas: Readonly<Record<string, OpenApiSchema>>): SchemaTable {
  const nodes: TableNode[] = [];
  const known = new Map<string, number>();
  const intern = (node: TableNode): number => {
    const text = JSON.stringify(node);
    let index = known.get(text);
    if (index === undefined) {
      index = nodes.push(node) - 1;
      known.set(text, index);
    }
    return index;
  };
  const components = Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, { ...nodeOf(schema, intern), ...marksOf(name, schema) }]),
  );
  return { nodes, components };
}

function nodeOf(schema: OpenApiSchema, intern: (node: TableNode) => number): TableNode {
  const child = (value: unknown) => intern(nodeOf(value as OpenApiSchema, intern));
  const node: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === '$ref') node.component = (value as string).slice(referencePrefix.length);
    else if (keyword === 'properties') node.properties = mapValues(value as OpenApiSchema, child);
    else if (keyword === 'items' || keyword === 'additionalProperties') node[keyword] = child(value);
    else if (keyword === 'oneOf') node.oneOf = (value as readonly unknown[]).map(child);
    else if (kept.has(keyword)) node[keyword] = value;
    else if (renamed[keyword]) node[renamed[keyword]] = value;
    else if (!dropped.has(keyword)) throw new Error(`the generator does not know the schema keyword ${keyword}`);
  }
  return node;
}

/** What the OpenAPI document leaves unsaid about a component. */
function marksOf(name: string, schema: OpenApiSchema): TableNode {
  const last = name.slice(name.lastIndexOf('.') + 1);
  if (last === 'Quantity') return { format: 'quantity' };
  if (schema.format === 'int-or-string') return { intOrString: true };
  // Go writes a time that was never set as null.
  if (schema.format === 'date-time') return { nullable: true };
  return anything.has(last) || Object.keys(schema).length === 0 ? { preserveUnknownFields: true } : {};
}

const mapValues = (record: Readonly<Record<string, unknown>>, change: (value: unknown) => unknown) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
