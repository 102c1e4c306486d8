/** OpenAPI v2, one document for everything: what old clients read, and `kubectl explain --output plaintext-openapiv2`. */
import type { JsonObject, JsonValue } from '../meta/object.ts';
import { fnv1a32 } from '../names/hash.ts';
import { type BuiltinComponents, writeComponents } from './components.ts';
import type { DocumentParts } from './documents.ts';
import type { Operation, PathOperations } from './operations.ts';
import type { Parameter } from './parameters.ts';
import { dividedParameters, documentVersion } from './v3.ts';

/** What one group version has in it. */
export interface PartV2 {
  readonly paths: JsonObject;
  readonly definitions: JsonObject;
}

export function partV2(parts: DocumentParts, builtin: BuiltinComponents): PartV2 {
  const paths: Record<string, JsonValue> = {};
  for (const each of parts.paths) paths[each.path] = pathItem(each);
  return { paths, definitions: writeComponents(parts, builtin, 'v2') };
}

const sorted = (record: Readonly<Record<string, JsonValue>>): JsonObject =>
  Object.fromEntries(Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1)));

export function documentV2(parts: Iterable<PartV2>, release: string): JsonObject {
  const paths: Record<string, JsonValue> = {};
  const definitions: Record<string, JsonValue> = {};
  for (const part of parts) {
    Object.assign(paths, part.paths);
    // A component that several group versions share is the same in each.
    Object.assign(definitions, part.definitions);
  }
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version: documentVersion(release) },
    paths: sorted(paths),
    definitions: sorted(definitions),
    parameters: sorted(parameterTable),
    securityDefinitions: {
      BearerToken: { description: 'Bearer Token authentication', type: 'apiKey', name: 'authorization', in: 'header' },
    },
    security: [{ BearerToken: [] }],
  };
}

/** Parameters are written once and referred to. */
const parameterTable: Record<string, JsonObject> = {};
const references = new Map<string, JsonObject>();

function referenceTo(parameter: JsonObject): JsonObject {
  const text = JSON.stringify(parameter);
  const known = references.get(text);
  if (known) return known;
  const name = `${parameter.name as string}-${fnv1a32(text).toString(36)}`;
  const reference = { $ref: `#/parameters/${name}` };
  parameterTable[name] = parameter;
  references.set(text, reference);
  return reference;
}

const parameterItem = ({ name, in: place, type }: Parameter): JsonObject =>
  referenceTo({ uniqueItems: true, type, name, in: place, ...(place === 'path' ? { required: true } : {}) });

const schemaOf = (component: string): JsonObject =>
  component === '' ? { type: 'string' } : { $ref: `#/definitions/${component}` };

/** Of the API machinery; others are written where they are used. */
const sharedBody = /\.(DeleteOptions|Patch)$/;

function bodyItem({ component, required }: NonNullable<Operation['body']>): JsonObject {
  const item = { name: 'body', in: 'body', ...(required ? { required: true } : {}), schema: schemaOf(component) };
  return sharedBody.test(component) ? referenceTo(item) : item;
}

function pathItem(path: PathOperations): JsonObject {
  const { ofPath, ofOperation } = dividedParameters(path);
  const item: Record<string, JsonValue> = {};
  for (const operation of path.operations) item[operation.method] = operationItem(operation, ofOperation(operation));
  if (ofPath.length > 0) item.parameters = ofPath.map(parameterItem);
  return item;
}

const phrases: Readonly<Record<string, string>> = { 200: 'OK', 201: 'Created', 202: 'Accepted' };

function operationItem(operation: Operation, own: readonly Parameter[]): JsonObject {
  const { tag, id, action, kind, body, consumes, produces, answers } = operation;
  const parameters = [...(body ? [bodyItem(body)] : []), ...own.map(parameterItem)];
  return {
    ...(consumes.length > 0 ? { consumes } : {}),
    produces,
    schemes: ['https'],
    tags: [tag],
    operationId: id,
    ...(parameters.length > 0 ? { parameters } : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([code, component]) => [
          code,
          { description: phrases[code]!, schema: schemaOf(component) },
        ]),
      ),
      401: { description: 'Unauthorized' },
    },
    ...(action ? { 'x-kubernetes-action': action } : {}),
    ...(kind
      ? { 'x-kubernetes-group-version-kind': { group: kind.group, kind: kind.kind, version: kind.version } }
      : {}),
  };
}
