/** What a container finds at its mount paths: ConfigMaps, Secrets and the like to read, emptyDirs to write into. */
import type { Container, KeyToPath, Pod, Volume } from '#apis/kubernetes/types.ts';
import { fieldValue, resourceValue } from './downward.ts';
import { type FileTree, type FolderNode, file, folder, type TreeNode } from './files.ts';
import type { ObjectLookup } from './lookup.ts';

/** A Pod's emptyDirs, shared by its containers, as long as it lives. */
export type SharedFolder = (volume: string) => FolderNode;

export async function mountVolumes(
  tree: FileTree,
  pod: Pod,
  container: Container,
  lookup: ObjectLookup,
  shared: SharedFolder,
): Promise<void> {
  const volumes = new Map((pod.spec.volumes ?? []).map((volume) => [volume.name, volume]));
  // Outer mounts first: inner ones are put into them.
  const mounts = [...(container.volumeMounts ?? [])].sort(
    (left, right) => left.mountPath.length - right.mountPath.length,
  );
  for (const { name, mountPath, subPath, readOnly } of mounts) {
    const volume = volumes.get(name);
    if (!volume) continue;
    const content = await contentOf(pod, container, volume, lookup, shared);
    const node = subPath ? within(content, subPath) : content;
    if (!node) continue;
    tree.mount(mountPath, readOnly && node.kind === 'folder' ? { ...node, readOnly: true } : node);
  }
}

function within(node: TreeNode, path: string): TreeNode | undefined {
  let at: TreeNode | undefined = node;
  for (const part of path.split('/').filter(Boolean)) at = at?.kind === 'folder' ? at.children.get(part) : undefined;
  return at;
}

async function contentOf(
  pod: Pod,
  container: Container,
  volume: Volume,
  lookup: ObjectLookup,
  shared: SharedFolder,
): Promise<FolderNode> {
  const { namespace = '' } = pod.metadata;
  const { configMap, secret, downwardAPI, projected } = volume;
  if (configMap?.name) return dataFolder(await lookup.configMap(namespace, configMap.name), configMap.items);
  if (secret?.secretName) return dataFolder(await lookup.secret(namespace, secret.secretName), secret.items);
  if (downwardAPI) return readOnlyFolder(downwardFiles(pod, container, downwardAPI.items));
  if (!projected) return shared(volume.name);
  const parts = new Map<string, Buffer>();
  for (const source of projected.sources ?? []) {
    const { configMap: map, secret: hidden, downwardAPI: downward, serviceAccountToken: token } = source;
    const found = map?.name
      ? chosen(await lookup.configMap(namespace, map.name), map.items)
      : hidden?.name
        ? chosen(await lookup.secret(namespace, hidden.name), hidden.items)
        : downward
          ? downwardFiles(pod, container, downward.items)
          : token
            ? await tokenFile(pod, token, lookup)
            : [];
    for (const [path, bytes] of found) parts.set(path, bytes);
  }
  return readOnlyFolder([...parts]);
}

type Files = readonly (readonly [string, Buffer])[];

/** All keys, or those that `items` give a path. */
function chosen(data: Readonly<Record<string, Buffer>> = {}, items?: readonly KeyToPath[]): Files {
  if (!items) return Object.entries(data);
  return items.flatMap(({ key, path }) => (data[key] ? [[path, data[key]] as const] : []));
}

const dataFolder = (data: Readonly<Record<string, Buffer>> | undefined, items?: readonly KeyToPath[]): FolderNode =>
  readOnlyFolder(chosen(data, items));

interface DownwardItem {
  readonly path: string;
  readonly fieldRef?: Parameters<typeof fieldValue>[1];
  readonly resourceFieldRef?: Parameters<typeof resourceValue>[1];
}

function downwardFiles(pod: Pod, own: Container, items: readonly DownwardItem[] = []): Files {
  return items.map(({ path, fieldRef, resourceFieldRef }) => {
    if (fieldRef) return [path, Buffer.from(fieldValue(pod, fieldRef))] as const;
    const container = pod.spec.containers.find(({ name }) => name === resourceFieldRef?.containerName) ?? own;
    return [path, Buffer.from(resourceFieldRef ? resourceValue(container, resourceFieldRef) : '')] as const;
  });
}

const defaultTokenSeconds = 3_600;

async function tokenFile(
  pod: Pod,
  {
    path,
    audience,
    expirationSeconds = defaultTokenSeconds,
  }: { path: string; audience?: string; expirationSeconds?: number },
  lookup: ObjectLookup,
): Promise<Files> {
  const token = await lookup.token(pod, audience, expirationSeconds);
  return token === undefined ? [] : [[path, Buffer.from(token)]];
}

/** Paths may have folders of their own. */
function readOnlyFolder(files: Files): FolderNode {
  const top = folder({}, true);
  for (const [path, bytes] of files) {
    let inside = top;
    const parts = path.split('/').filter(Boolean);
    const name = parts.pop();
    if (name === undefined) continue;
    for (const part of parts) {
      const known = inside.children.get(part);
      const next = known?.kind === 'folder' ? known : folder({}, true);
      inside.children.set(part, next);
      inside = next;
    }
    inside.children.set(name, file(bytes));
  }
  return top;
}
