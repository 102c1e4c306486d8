/**
 * Our contexts in a kubeconfig that may be somebody else's: entries of ours carry an extension that names their owner,
 * everything else stays as it is. What is written is the text for the whole file, to be put in place with mode 0600.
 */
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';
import { parseYaml, toYaml } from '#kube/yaml/yaml.ts';
import { isMapping, KubeconfigError } from './entries.ts';

export interface ContextToWrite {
  /** Of context, cluster and user alike. */
  readonly name: string;
  readonly server: string;
  readonly certificateAuthority: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
  readonly namespace?: string;
}

export interface KubeconfigOwner {
  /** Names the owner in errors and in the file: the data directory. */
  readonly owner: string;
  /** For errors. */
  readonly path: string;
}

/** The name of the extension that marks an entry as ours, as minikube and others mark theirs. */
const extensionName = 'flotilla.io/owner';

type List = 'contexts' | 'clusters' | 'users';
const lists: readonly List[] = ['contexts', 'clusters', 'users'];

/**
 * The text of `existing` with these contexts in it. Entries of the same name that belong to the same owner are
 * replaced; one that belongs to anybody else is an error and nothing is written. current-context is set only where
 * there is none.
 */
export function mergeIntoKubeconfig(
  existing: string | undefined,
  contexts: readonly ContextToWrite[],
  owner: KubeconfigOwner,
): string {
  const document = readDocument(existing, owner.path);
  const names = new Set(contexts.map(({ name }) => name));
  for (const list of lists) {
    for (const entry of entriesOf(document, list)) {
      if (names.has(nameOf(entry)) && ownerOf(list, entry) !== owner.owner) {
        throw new KubeconfigError(
          owner.path,
          `it already has "${nameOf(entry)}" under ${list}, which is not ours: rename it, or write elsewhere with --kubeconfig-dir`,
        );
      }
    }
  }
  const kept = (list: List) => entriesOf(document, list).filter((entry) => !names.has(nameOf(entry)));
  return toYaml({
    ...document,
    apiVersion: 'v1',
    kind: 'Config',
    preferences: document.preferences ?? {},
    clusters: [...kept('clusters'), ...contexts.map((context) => clusterEntry(context, owner))],
    users: [...kept('users'), ...contexts.map((context) => userEntry(context, owner))],
    contexts: [...kept('contexts'), ...contexts.map((context) => contextEntry(context, owner))],
    'current-context': document['current-context'] || (contexts[0]?.name ?? ''),
  });
}

/** The text without any entry of this owner's; undefined when nothing else is left, so that the file can go. */
export function removeFromKubeconfig(existing: string, owner: KubeconfigOwner): string | undefined {
  const document = readDocument(existing, owner.path);
  const kept = (list: List) => entriesOf(document, list).filter((entry) => ownerOf(list, entry) !== owner.owner);
  if (lists.every((list) => kept(list).length === 0)) return undefined;
  const current = document['current-context'];
  const stays = kept('contexts').some((entry) => nameOf(entry) === current);
  return toYaml({
    ...document,
    clusters: kept('clusters'),
    users: kept('users'),
    contexts: kept('contexts'),
    'current-context': stays ? current : '',
  });
}

function readDocument(text: string | undefined, path: string): JsonObject {
  if (text === undefined || text.trim() === '') return {};
  let document: JsonValue;
  try {
    document = parseYaml(text);
  } catch (error) {
    throw new KubeconfigError(path, `it is not YAML: ${(error as Error).message}`);
  }
  if (!isMapping(document)) throw new KubeconfigError(path, 'it is not a mapping');
  for (const list of lists) {
    const entries = document[list];
    if (entries !== undefined && entries !== null && !(Array.isArray(entries) && entries.every(isMapping))) {
      throw new KubeconfigError(path, `${list} is not a list of mappings`);
    }
  }
  return document;
}

const entriesOf = (document: JsonObject, list: List) => (document[list] ?? []) as readonly JsonObject[];

const nameOf = ({ name }: JsonObject): string => (typeof name === 'string' ? name : '');

/** Cluster, AuthInfo and Context of client-go's v1 types all have `extensions`, and kubectl keeps them. */
function ownerOf(list: List, entry: JsonObject): string | undefined {
  const holder = entry[list.slice(0, -1)];
  const extensions = isMapping(holder) ? holder.extensions : undefined;
  if (!Array.isArray(extensions)) return undefined;
  const ours = extensions.filter(isMapping).find((each) => each.name === extensionName);
  return isMapping(ours?.extension) && typeof ours.extension.owner === 'string' ? ours.extension.owner : undefined;
}

const mark = ({ owner }: KubeconfigOwner) => [{ name: extensionName, extension: { owner } }];

const base64 = (pem: string) => new TextEncoder().encode(pem).toBase64();

const clusterEntry = ({ name, server, certificateAuthority }: ContextToWrite, owner: KubeconfigOwner): JsonObject => ({
  name,
  cluster: { server, 'certificate-authority-data': base64(certificateAuthority), extensions: mark(owner) },
});

const userEntry = ({ name, clientCertificate, clientKey }: ContextToWrite, owner: KubeconfigOwner): JsonObject => ({
  name,
  user: {
    'client-certificate-data': base64(clientCertificate),
    'client-key-data': base64(clientKey),
    extensions: mark(owner),
  },
});

const contextEntry = ({ name, namespace }: ContextToWrite, owner: KubeconfigOwner): JsonObject => ({
  name,
  context: { cluster: name, user: name, ...(namespace ? { namespace } : {}), extensions: mark(owner) },
});
