/** The operations of a kind on its paths, as kube-apiserver offers them; v2.ts and v3.ts write them down. */
import type { KindDefinition, Subresource } from '../kind/definition.ts';
import type { GroupVersionKind } from '../meta/kind.ts';
import {
  builtinComponentName,
  capital,
  componentName,
  listComponentName,
  metaPrefix,
  rootOf,
  versionTag,
  versionWords,
} from './names.ts';
import { actionParameters, connectParameters, inPath, inQuery, type Parameter } from './parameters.ts';

export interface Operation {
  readonly method: string;
  readonly id: string;
  readonly tag: string;
  /** x-kubernetes-action. */
  readonly action?: string;
  readonly kind?: GroupVersionKind;
  readonly parameters: readonly Parameter[];
  readonly body?: { readonly component: string; readonly required: boolean };
  /** Media types of what is sent; none when the operation says nothing of them. */
  readonly consumes: readonly string[];
  readonly produces: readonly string[];
  /** Status code -> component; '' for plain text. */
  readonly answers: Readonly<Record<string, string>>;
}

export interface PathOperations {
  readonly path: string;
  readonly operations: readonly Operation[];
}

export const objectTypes = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'] as const;
const watchTypes = ['application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch'];
const customTypes = ['application/json', 'application/yaml'];
const anyType = ['*/*'];
const patchTypes = ['application/json-patch+json', 'application/merge-patch+json'];
const applyType = 'application/apply-patch+yaml';
const strategicType = 'application/strategic-merge-patch+json';

/** A connection takes every method a proxy may pass on. */
const proxyMethods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];

/** Kinds whose deletion answers the object, though other built-in kinds answer a Status. */
const answersDeleted = new Set([
  '/persistentvolumeclaims',
  '/persistentvolumes',
  '/pods',
  '/podtemplates',
  '/resourcequotas',
  '/serviceaccounts',
  '/services',
  'resource.k8s.io/deviceclasses',
  'resource.k8s.io/resourceclaims',
  'resource.k8s.io/resourceclaimtemplates',
  'resource.k8s.io/resourceslices',
  'storage.k8s.io/csidrivers',
  'storage.k8s.io/csinodes',
  'storage.k8s.io/storageclasses',
  'storage.k8s.io/volumeattachments',
  'storage.k8s.io/volumeattributesclasses',
]);

const actionOf: Readonly<Record<string, readonly [action: string, method: string, word: string]>> = {
  get: ['get', 'get', 'read'],
  update: ['put', 'put', 'replace'],
  patch: ['patch', 'patch', 'patch'],
  create: ['post', 'post', 'create'],
  delete: ['delete', 'delete', 'delete'],
  list: ['list', 'get', 'list'],
  deletecollection: ['deletecollection', 'delete', 'delete'],
};

/** What all operations of one kind share. */
interface Frame {
  readonly kind: KindDefinition;
  readonly custom: boolean;
  readonly words: string;
  readonly where: string;
}

/** Every path of the kind, subresources and the old watch paths of built-in kinds among them. */
export function operationsOf(kind: KindDefinition): readonly PathOperations[] {
  const { group, version, resource, namespaced, verbs } = kind;
  const frame: Frame = {
    kind,
    custom: kind.native === undefined,
    words: versionWords(group, version),
    where: namespaced ? 'Namespaced' : '',
  };
  const root = rootOf(group, version);
  const scope = namespaced ? '/namespaces/{namespace}' : '';
  const item = `${root}${scope}/${resource}/{name}`;
  const served = (wanted: readonly string[]) => wanted.filter((verb) => verbs.includes(verb));
  const paths: PathOperations[] = [
    {
      path: `${root}${scope}/${resource}`,
      operations: served(['list', 'create', 'deletecollection']).map((verb) => collectionOperation(frame, verb)),
    },
    {
      path: item,
      operations: served(['get', 'update', 'delete', 'patch']).map((verb) => itemOperation(frame, verb)),
    },
    ...subresourcePaths(frame, item),
  ];
  if (namespaced && verbs.includes('list'))
    paths.push({ path: `${root}/${resource}`, operations: [everywhere(frame, 'list', 'list')] });
  if (!frame.custom && verbs.includes('watch')) paths.push(...watchPaths(frame, root, scope));
  return paths.filter(({ operations }) => operations.length > 0);
}

const typesOf = ({ custom }: Frame): readonly string[] => (custom ? customTypes : objectTypes);

const placeParameters = ({ kind }: Frame, named: boolean): readonly Parameter[] => [
  ...(named ? [inPath('name')] : []),
  ...(kind.namespaced ? [inPath('namespace')] : []),
];

function common(frame: Frame, action: string, kind: GroupVersionKind) {
  const { group, version } = frame.kind;
  return {
    tag: versionTag(group, version),
    action,
    kind: { group: kind.group, version: kind.version, kind: kind.kind },
    consumes: frame.custom ? customTypes : anyType,
    produces: typesOf(frame),
  };
}

function collectionOperation(frame: Frame, verb: string): Operation {
  const { kind, words, where, custom } = frame;
  const [action, method, word] = actionOf[verb]!;
  const collection = verb === 'deletecollection' ? 'Collection' : '';
  return {
    ...common(frame, action, kind),
    method,
    id: `${word}${words}${collection}${where}${kind.kind}`,
    parameters: [
      // A collection of custom ones is deleted with the parameters of a list, and nothing beside them.
      ...(actionParameters[custom && verb === 'deletecollection' ? 'list' : action] ?? []),
      ...placeParameters(frame, false),
      inQuery('pretty'),
    ],
    ...(verb === 'list' && !custom ? { produces: [...objectTypes, ...watchTypes] } : {}),
    ...(custom && verb === 'deletecollection' ? {} : bodyOf(verb, componentName(kind))),
    answers: answersTo(frame, verb, componentName(kind)),
  };
}

function itemOperation(frame: Frame, verb: string, subresource = '', answered = frame.kind as GroupVersionKind) {
  const { kind, words, where, custom } = frame;
  const [action, method, word] = actionOf[verb]!;
  const component = answered === frame.kind ? componentName(kind) : builtinComponentName(answered);
  return {
    ...common(frame, action, custom ? kind : answered),
    method,
    id: `${word}${words}${where}${kind.kind}${capital(subresource)}`,
    parameters: [
      ...(actionParameters[action] ?? []),
      ...(custom && verb === 'get' ? [inQuery('resourceVersion')] : []),
      ...placeParameters(frame, true),
      inQuery('pretty'),
    ],
    ...(verb === 'patch' ? { consumes: [...patchTypes, ...(custom ? [] : [strategicType]), applyType] } : {}),
    ...bodyOf(verb, component),
    answers: answersTo(frame, verb, component),
  };
}

function bodyOf(verb: string, component: string): Pick<Operation, 'body'> {
  if (verb === 'create' || verb === 'update') return { body: { component, required: true } };
  if (verb === 'patch') return { body: { component: `${metaPrefix}Patch`, required: true } };
  if (verb.startsWith('delete')) return { body: { component: `${metaPrefix}DeleteOptions`, required: false } };
  return {};
}

function answersTo({ kind, custom }: Frame, verb: string, component: string): Operation['answers'] {
  const status = `${metaPrefix}Status`;
  switch (verb) {
    case 'list':
      return { 200: listComponentName(kind) };
    case 'create':
      return { 200: component, 201: component, 202: component };
    case 'update':
      return { 200: component, 201: component };
    case 'patch':
      return custom ? { 200: component } : { 200: component, 201: component };
    case 'delete': {
      const answer = answersDeleted.has(`${kind.group}/${kind.resource}`) && !custom ? component : status;
      return { 200: answer, 202: answer };
    }
    case 'deletecollection':
      return { 200: status };
    default:
      return { 200: component };
  }
}

/** Paths that span all namespaces, and the old watch paths. */
function everywhere(frame: Frame, action: 'list' | 'watchlist', word: string): Operation {
  const { kind, words } = frame;
  const list = action === 'watchlist' ? 'List' : '';
  return {
    ...common(frame, action, kind),
    method: 'get',
    id: `${word}${words}${kind.kind}${list}${kind.namespaced ? 'ForAllNamespaces' : ''}`,
    parameters: [...actionParameters.list!, inQuery('pretty')],
    produces: frame.custom ? customTypes : [...objectTypes, ...watchTypes],
    answers: { 200: action === 'list' ? listComponentName(kind) : `${metaPrefix}WatchEvent` },
  };
}

function watchPaths(frame: Frame, root: string, scope: string): readonly PathOperations[] {
  const { kind, words, where } = frame;
  const all = everywhere(frame, 'watchlist', 'watch');
  const within = (named: boolean): Operation => ({
    ...all,
    action: named ? 'watch' : 'watchlist',
    id: `watch${words}${where}${kind.kind}${named ? '' : 'List'}`,
    parameters: [...all.parameters, ...placeParameters(frame, named)],
  });
  const path = `${root}/watch${scope}/${kind.resource}`;
  const paths = [
    { path, operations: [kind.namespaced ? within(false) : all] },
    ...(kind.verbs.includes('get') ? [{ path: `${path}/{name}`, operations: [within(true)] }] : []),
  ];
  return kind.namespaced ? [...paths, { path: `${root}/watch/${kind.resource}`, operations: [all] }] : paths;
}

function subresourcePaths(frame: Frame, item: string): readonly PathOperations[] {
  const { subresources } = frame.kind;
  const writes = ['get', 'update', 'patch'];
  const scale = { group: 'autoscaling', version: 'v1', kind: 'Scale' };
  const paths: PathOperations[] = [];
  const add = (name: string, verbs: readonly string[], answered?: GroupVersionKind) =>
    paths.push({
      path: `${item}/${name}`,
      operations: verbs.map((verb) => itemOperation(frame, verb, name, answered)),
    });
  if (subresources.status) add('status', writes);
  if (subresources.scale) add('scale', writes, scale);
  for (const other of subresources.others ?? []) {
    if (other.name === 'log' || other.kind.endsWith('Options')) paths.push(...connectPaths(frame, item, other));
    else if (other.kind === frame.kind.kind) add(other.name, other.verbs);
    else add(other.name, other.verbs, foreignKind(frame, other));
  }
  return paths;
}

const foreignKind = ({ kind }: Frame, { group, version, kind: name }: Subresource): GroupVersionKind => ({
  group: group ?? kind.group,
  version: version ?? kind.version,
  kind: name,
});

function connectPaths(frame: Frame, item: string, { name, kind, verbs }: Subresource): readonly PathOperations[] {
  const { words, where } = frame;
  const { group, version } = frame.kind;
  const parameters = [...(connectParameters[name] ?? []), ...placeParameters(frame, true)];
  const path = `${item}/${name}`;
  const answered = { group, version, kind };
  if (name === 'log') {
    const id = `read${words}${where}${frame.kind.kind}Log`;
    const own = { ...common(frame, 'get', answered), produces: ['text/plain', ...typesOf(frame)] };
    return [{ path, operations: [{ ...own, method: 'get', id, parameters, answers: { 200: '' } }] }];
  }
  const methods = name === 'proxy' ? proxyMethods : verbs.map((verb) => actionOf[verb]![1]);
  const operation = (method: string, suffix: string): Operation => ({
    ...common(frame, 'connect', answered),
    method,
    id: `connect${words}${capital(method)}${where}${frame.kind.kind}${capital(name)}${suffix}`,
    consumes: anyType,
    produces: anyType,
    parameters: suffix === '' ? parameters : [...parameters, inPath('path')],
    answers: { 200: '' },
  });
  const paths = [{ path, operations: methods.map((method) => operation(method, '')) }];
  if (name !== 'proxy') return paths;
  return [...paths, { path: `${path}/{path}`, operations: methods.map((method) => operation(method, 'WithPath')) }];
}
