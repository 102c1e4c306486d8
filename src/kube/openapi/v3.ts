/** OpenAPI v3 as kube-apiserver writes it: a document for each group version, what operations share at their path. */
import type { JsonObject, JsonValue } from '../meta/object.ts';
import { type BuiltinComponents, writeComponents } from './components.ts';
import type { DocumentParts } from './documents.ts';
import type { Operation, PathOperations } from './operations.ts';
import { type Parameter, sortedParameters } from './parameters.ts';

/** `v1.35.3` -> `1.35`, which is all that documents say of the release. */
export const documentVersion = (release: string): string => release.replace(/^v/, '').split('.').slice(0, 2).join('.');

const bearerToken = {
  BearerToken: { description: 'Bearer Token authentication', in: 'header', name: 'authorization', type: 'apiKey' },
};

const customInfo = { title: 'Kubernetes CRD Swagger', version: 'v0.1.0' };

export function documentV3(parts: DocumentParts, builtin: BuiltinComponents, release: string): JsonObject {
  const paths: Record<string, JsonValue> = {};
  for (const each of parts.paths) paths[each.path] = pathItem(each);
  const schemas = writeComponents(parts, builtin, 'v3');
  const custom = parts.kinds.length > 0 && parts.kinds.every(({ native }) => native === undefined);
  return {
    openapi: '3.0.0',
    info: custom ? customInfo : { title: 'Kubernetes', version: documentVersion(release) },
    paths,
    components: {
      ...(Object.keys(schemas).length > 0 ? { schemas } : {}),
      ...(custom ? {} : { securitySchemes: bearerToken }),
    },
  };
}

const keyOf = ({ name, in: place }: Parameter) => `${place} ${name}`;

/** Parameters that every operation of a path has. */
function sharedParameters({ operations }: PathOperations): ReadonlySet<string> {
  const [first, ...others] = operations.map(({ parameters }) => new Set(parameters.map(keyOf)));
  return new Set([...(first ?? [])].filter((key) => others.every((each) => each.has(key))));
}

/** Those of the path, and of an operation without them. */
export function dividedParameters(path: PathOperations): {
  readonly ofPath: readonly Parameter[];
  readonly ofOperation: (operation: Operation) => readonly Parameter[];
} {
  const shared = sharedParameters(path);
  const [first] = path.operations;
  return {
    ofPath: sortedParameters((first?.parameters ?? []).filter((each) => shared.has(keyOf(each)))),
    ofOperation: ({ parameters }) => sortedParameters(parameters.filter((each) => !shared.has(keyOf(each)))),
  };
}

function pathItem(path: PathOperations): JsonObject {
  const { ofPath, ofOperation } = dividedParameters(path);
  const item: Record<string, JsonValue> = {};
  for (const operation of path.operations) item[operation.method] = operationItem(operation, ofOperation(operation));
  if (ofPath.length > 0) item.parameters = ofPath.map(parameterItem);
  return item;
}

const parameterItem = ({ name, in: place, type }: Parameter): JsonObject => ({
  name,
  in: place,
  ...(place === 'path' ? { required: true } : {}),
  schema: { type, uniqueItems: true },
});

const referenceTo = (component: string): JsonObject =>
  component === '' ? { type: 'string' } : { $ref: `#/components/schemas/${component}` };

const contentOf = (types: readonly string[], component: string): JsonObject =>
  Object.fromEntries([...types].sort().map((type) => [type, { schema: referenceTo(component) }]));

const phrases: Readonly<Record<string, string>> = { 200: 'OK', 201: 'Created', 202: 'Accepted' };

function operationItem(operation: Operation, parameters: readonly Parameter[]): JsonObject {
  const { tag, id, action, kind, body, consumes, produces, answers } = operation;
  return {
    tags: [tag],
    operationId: id,
    ...(parameters.length > 0 ? { parameters: parameters.map(parameterItem) } : {}),
    ...(body
      ? {
          requestBody: {
            content: contentOf(consumes, body.component),
            ...(body.required ? { required: true } : {}),
          },
        }
      : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([code, component]) => [
          code,
          { description: phrases[code]!, content: contentOf(produces, component) },
        ]),
      ),
      401: { description: 'Unauthorized' },
    },
    ...(action ? { 'x-kubernetes-action': action } : {}),
    ...(kind
      ? { 'x-kubernetes-group-version-kind': { group: kind.group, version: kind.version, kind: kind.kind } }
      : {}),
  };
}
