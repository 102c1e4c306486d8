/** The paths object of a group version: for each resource the operations kubectl looks for, with their kind and parameters. */
import type { KindDefinition } from '../kind/definition.ts';
import type { JsonObject, JsonValue } from '../meta/object.ts';
import { operationParameters } from './parameters.ts';

export interface ComponentNames {
  readonly kind: string;
  readonly list: string;
}

interface Operation {
  /** x-kubernetes-action. */
  readonly action: string;
  readonly verb: string;
  readonly method: string;
}

const collectionOperations: readonly Operation[] = [
  { action: 'list', verb: 'list', method: 'get' },
  { action: 'post', verb: 'create', method: 'post' },
  { action: 'deletecollection', verb: 'deletecollection', method: 'delete' },
];

const itemOperations: readonly Operation[] = [
  { action: 'get', verb: 'get', method: 'get' },
  { action: 'put', verb: 'update', method: 'put' },
  { action: 'delete', verb: 'delete', method: 'delete' },
  { action: 'patch', verb: 'patch', method: 'patch' },
];

/** Strategic merge comes beside these for kinds that know their merge keys: kubectl sends it wherever it is offered. */
const patchTypes = ['application/json-patch+json', 'application/merge-patch+json', 'application/apply-patch+yaml'];
const strategicType = 'application/strategic-merge-patch+json';

export function pathsOf(kind: KindDefinition, names: ComponentNames): JsonObject {
  const { group, version, resource, namespaced } = kind;
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const base = `${root}/${namespaced ? 'namespaces/{namespace}/' : ''}${resource}`;
  const paths: Record<string, JsonValue> = {};
  const add = (path: string, operations: readonly Operation[], parts: readonly string[]) => {
    if (operations.length > 0) paths[path] = pathItem(kind, names, operations, parts);
  };
  const served = (operations: readonly Operation[]) => operations.filter(({ verb }) => kind.verbs.includes(verb));
  const namespaceParts = namespaced ? ['namespace'] : [];
  add(base, served(collectionOperations), namespaceParts);
  add(`${base}/{name}`, served(itemOperations), ['name', ...namespaceParts]);
  if (namespaced) add(`${root}/${resource}`, served(collectionOperations.slice(0, 1)), []);
  if (kind.subresources.status) {
    const operations = itemOperations.filter(({ action }) => action !== 'delete');
    add(`${base}/{name}/status`, operations, ['name', ...namespaceParts]);
  }
  return paths;
}

function pathItem(
  kind: KindDefinition,
  names: ComponentNames,
  operations: readonly Operation[],
  parts: readonly string[],
): JsonObject {
  const item: Record<string, JsonValue> = {};
  for (const operation of operations) item[operation.method] = operationOf(kind, names, operation);
  item.parameters = parts.map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', uniqueItems: true },
  }));
  return item;
}

function operationOf(kind: KindDefinition, names: ComponentNames, { action, verb }: Operation): JsonObject {
  const { group, version } = kind;
  const answer = { $ref: `#/components/schemas/${verb === 'list' ? names.list : names.kind}` };
  return {
    tags: [group === '' ? `core_${version}` : `${camel(group)}_${version}`],
    parameters: operationParameters(verb),
    ...bodyOf(verb, kind, names),
    responses: {
      '200': { description: 'OK', content: { 'application/json': { schema: answer } } },
      '401': { description: 'Unauthorized' },
    },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group, kind: kind.kind, version },
  };
}

function bodyOf(verb: string, kind: KindDefinition, names: ComponentNames): JsonObject {
  if (verb === 'create' || verb === 'update') {
    const schema = { $ref: `#/components/schemas/${names.kind}` };
    return { requestBody: { required: true, content: { '*/*': { schema } } } };
  }
  if (verb !== 'patch') return {};
  const content = Object.fromEntries(
    (kind.native ? [...patchTypes, strategicType] : patchTypes).map((type) => [type, { schema: { type: 'object' } }]),
  );
  return { requestBody: { required: true, content } };
}

/** `rbac.authorization.k8s.io` -> `rbacAuthorization`, as operation tags are written. */
function camel(group: string): string {
  const [first = '', ...rest] = group.replace(/\.k8s\.io$/, '').split('.');
  return first + rest.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('');
}
