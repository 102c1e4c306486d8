/**
 * The protobuf form of every served kind as the compact table src/kube/protobuf reads: message -> name of a field in
 * JSON -> its number and type. Numbers come from generated.proto; the names, and what is written when it is empty, from
 * the Go types.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type GoField, type GoPackage, readGoPackage } from './go-structs.ts';
import { type ProtoField, parseProto, scalarTypes } from './proto-file.ts';

/** A message, or the name of the way in which its JSON is unlike its fields. */
type MessageRow = Readonly<Record<string, string>> | string;

export interface ProtobufTable {
  /** `apps/v1` -> the package of its messages. */
  readonly packages: Readonly<Record<string, string>>;
  readonly messages: Readonly<Record<string, MessageRow>>;
}

/** A group version that is served: its kinds' components in OpenAPI, and kinds that only its subresources take. */
export interface ServedVersion {
  readonly apiVersion: string;
  readonly components: readonly string[];
  readonly others: readonly string[];
}

/** Messages whose JSON is not an object of their fields; src/kube/protobuf knows each by this word. */
const special: Readonly<Record<string, string>> = {
  'apimachinery.pkg.api.resource.Quantity': 'quantity',
  'apimachinery.pkg.apis.meta.v1.FieldsV1': 'json',
  'apimachinery.pkg.apis.meta.v1.MicroTime': 'microTime',
  'apimachinery.pkg.apis.meta.v1.Time': 'time',
  'apimachinery.pkg.runtime.RawExtension': 'json',
  'apimachinery.pkg.util.intstr.IntOrString': 'intOrString',
  'apiextensions_apiserver.pkg.apis.apiextensions.v1.JSON': 'json',
  'apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray': 'schemaOrSchemas',
  'apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool': 'schemaOrBool',
  'apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray': 'schemaOrStrings',
};

const metaPackage = 'apimachinery.pkg.apis.meta.v1';
const metaKinds = [
  'APIGroup',
  'APIGroupList',
  'APIResourceList',
  'APIVersions',
  'DeleteOptions',
  'PartialObjectMetadata',
  'PartialObjectMetadataList',
  'Status',
  'WatchEvent',
];

/** Discovery has a group version that serves nothing. */
const discoveryVersion = 'apidiscovery.k8s.io/v2';
const discoveryPackage = 'api.apidiscovery.v2';

const short = (fullName: string) => fullName.replace(/^k8s\.io\./, '');
const packageOf = (message: string) => message.slice(0, message.lastIndexOf('.'));
const lastPart = (message: string) => message.slice(message.lastIndexOf('.') + 1);

interface Source {
  readonly fields: readonly ProtoField[];
  readonly go: GoPackage;
}

function readSources(folders: readonly string[]): ReadonlyMap<string, Source> {
  const sources = new Map<string, Source>();
  for (const folder of folders) {
    const proto = parseProto(readFileSync(join(folder, 'generated.proto'), 'utf8'));
    const go = readGoPackage(folder);
    for (const [name, fields] of proto.messages) sources.set(`${short(proto.package)}.${name}`, { fields, go });
  }
  return sources;
}

/** `io.k8s.api.core.v1.Pod` -> `api.core.v1.Pod` */
const messageOf = (component: string) => component.replace(/^io\.k8s\./, '').replaceAll('-', '_');

export function protobufTable(folders: readonly string[], served: readonly ServedVersion[]): ProtobufTable {
  const sources = readSources(folders);
  const packages: Record<string, string> = { 'meta.k8s.io/v1': metaPackage, [discoveryVersion]: discoveryPackage };
  const messages: Record<string, MessageRow> = {};
  const add = (message: string): void => {
    if (message in messages) return;
    const row = rowOf(message, sources);
    messages[message] = row;
    if (typeof row === 'string') return void (row.startsWith('schema') && add(schemaProps));
    for (const { type } of sources.get(message)!.fields) if (!scalarTypes.has(type)) add(short(type));
  };
  for (const kind of metaKinds) add(`${metaPackage}.${kind}`);
  add(`${discoveryPackage}.APIGroupDiscoveryList`);
  for (const { apiVersion, components, others } of served) {
    const kinds = components.map(messageOf);
    packages[apiVersion] = packageOf(kinds[0]!);
    const lists = kinds.map((message) => `${message}List`).filter((message) => sources.has(message));
    for (const message of [...kinds, ...lists, ...others.map((kind) => `${packages[apiVersion]}.${kind}`)])
      add(message);
  }
  return { packages, messages: sorted(messages) };
}

const schemaProps = 'apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps';

function rowOf(message: string, sources: ReadonlyMap<string, Source>): MessageRow {
  if (special[message]) return special[message];
  const source = sources.get(message);
  if (!source) throw new Error(`no generated.proto has the message ${message}`);
  const { fields, go } = source;
  const name = lastPart(message);
  if (go.slices.has(name)) return `list ${fields[0]!.type}`;
  if (go.ownJson.has(name)) throw new Error(`the generator does not know how ${message} is written in JSON`);
  const declared = go.structs.get(name);
  if (!declared) throw new Error(`no Go struct for the message ${message}`);
  const byNumber = new Map(declared.map((field) => [field.number, field]));
  return Object.fromEntries(
    fields.map((field) => {
      const goField = byNumber.get(field.number);
      if (!goField) throw new Error(`${message} has no Go field with the number ${field.number}`);
      return notation(message, field, goField);
    }),
  );
}

/** `["replicas", "1 *int32?"]`; what is inlined needs a name too, and is called by its number. */
function notation(message: string, field: ProtoField, go: GoField): readonly [string, string] {
  const type = scalarTypes.has(field.type) ? field.type : relative(short(field.type), packageOf(message));
  const shape = field.label === 'repeated' ? '[]' : field.label === 'map' ? '{}' : go.pointer ? '*' : '';
  if (go.name === '') return [`+${field.number}`, `${field.number} ${type}`];
  return [go.name, `${field.number} ${shape}${type}${go.omitEmpty ? '?' : ''}${go.omitZero ? '0' : ''}`];
}

const relative = (type: string, ownPackage: string) => (packageOf(type) === ownPackage ? lastPart(type) : type);

const sorted = <T>(record: Readonly<Record<string, T>>) =>
  Object.fromEntries(Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1)));
