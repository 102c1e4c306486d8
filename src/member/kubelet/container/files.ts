/**
 * The files a simulated container sees: a small tree in memory that its processes read and write, bounded, with volumes
 * mounted into it. Failures are the words a C library has for them.
 */

export interface FileNode {
  readonly kind: 'file';
  /** The beginning of a larger buffer where the file has grown: what was read of it before stays as it was. */
  bytes: Buffer;
  mode: number;
  modified: number;
}

export interface FolderNode {
  readonly kind: 'folder';
  readonly children: Map<string, TreeNode>;
  mode: number;
  modified: number;
  /** Nothing beneath it can be changed: volumes of ConfigMaps, Secrets and the like. */
  readonly readOnly?: boolean;
}

export type TreeNode = FileNode | FolderNode;

export class FileError extends Error {
  override readonly name = 'FileError';
}

/** Of all files of a container that its processes wrote: what a person copies in to try something. */
const mostBytes = 32 * 1024 * 1024;
/** 5,000 nodes of about 200 bytes are 1 MB. */
const mostNodes = 5_000;
/** Deeper paths are a mistake, or an attack on whoever walks them. */
const mostDepth = 64;

export const folder = (
  entries: Readonly<Record<string, TreeNode>> = {},
  readOnly = false,
  modified = 0,
): FolderNode => ({
  kind: 'folder',
  children: new Map(Object.entries(entries)),
  mode: 0o755,
  modified,
  ...(readOnly ? { readOnly } : {}),
});

export const file = (text: string | Buffer, mode = 0o644, modified = 0): FileNode => ({
  kind: 'file',
  bytes: typeof text === 'string' ? Buffer.from(text) : text,
  mode,
  modified,
});

/** Absolute, without `.`, `..` and doubled slashes. */
export function resolvePath(cwd: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

interface WriteOptions {
  readonly append?: boolean;
  readonly mode?: number;
}

export interface FileTree {
  readonly root: FolderNode;
  /** Undefined where nothing is. */
  readonly find: (path: string) => TreeNode | undefined;
  readonly read: (path: string) => Buffer;
  readonly entries: (path: string) => readonly (readonly [string, TreeNode])[];
  readonly write: (
    path: string,
    bytes: Buffer,
    options?: { readonly append?: boolean; readonly mode?: number },
  ) => void;
  readonly makeFolder: (path: string, parents?: boolean) => void;
  readonly remove: (path: string, recursive?: boolean) => void;
  /** Whatever is there gives way; parents are made. */
  readonly mount: (path: string, node: TreeNode) => void;
}

const partsOf = (path: string) => path.split('/').filter((part) => part !== '');

/** Paths are absolute and resolved. Throws FileError. `readOnlyRoot`: only what is mounted can be written. */
export const fileTree = (root: FolderNode, now: () => number, readOnlyRoot = false): FileTree =>
  new MemoryTree(root, now, readOnlyRoot);

/** Room is doubled, so that a file written in many pieces is copied few times. */
function appended(bytes: Buffer, more: Buffer): Buffer {
  const length = bytes.byteLength + more.byteLength;
  const room = new Uint8Array(bytes.buffer, bytes.byteOffset);
  const grown = grownFiles.has(bytes.buffer) && bytes.byteOffset === 0 && room.byteLength >= length;
  const target = grown ? Buffer.from(bytes.buffer) : Buffer.from(new ArrayBuffer(Math.max(length * 2, 256)));
  if (!grown) {
    grownFiles.add(target.buffer);
    bytes.copy(target);
  }
  more.copy(target, bytes.byteLength);
  return target.subarray(0, length);
}

/** Buffers that are one file's alone. */
const grownFiles = new WeakSet<ArrayBufferLike>();

class MemoryTree implements FileTree {
  readonly root: FolderNode;
  readonly #now: () => number;
  readonly #readOnlyRoot: boolean;
  readonly #mounts = new Set<TreeNode>();
  #bytes = 0;
  #nodes = 0;

  constructor(root: FolderNode, now: () => number, readOnlyRoot: boolean) {
    this.root = root;
    this.#now = now;
    this.#readOnlyRoot = readOnlyRoot;
  }

  find(path: string): TreeNode | undefined {
    let node: TreeNode | undefined = this.root;
    for (const part of partsOf(path)) node = node?.kind === 'folder' ? node.children.get(part) : undefined;
    return node;
  }

  read(path: string): Buffer {
    const node = this.#need(path);
    if (node.kind === 'folder') throw new FileError('Is a directory');
    return node.bytes;
  }

  entries(path: string): readonly (readonly [string, TreeNode])[] {
    const node = this.#need(path);
    if (node.kind !== 'folder') throw new FileError('Not a directory');
    return [...node.children].sort(([left], [right]) => (left < right ? -1 : 1));
  }

  write(path: string, written: Buffer, { append = false, mode }: WriteOptions = {}): void {
    if (path === '/dev/null') return;
    const known = this.find(path);
    if (known?.kind === 'folder') throw new FileError('Is a directory');
    const [inside, name] = this.#parentOf(path);
    if (known) {
      const length = (append ? known.bytes.byteLength : 0) + written.byteLength;
      this.#account(length - known.bytes.byteLength, 0);
      known.bytes = append ? appended(known.bytes, written) : Buffer.from(written);
      known.modified = this.#now();
      if (mode !== undefined) known.mode = mode;
      return;
    }
    this.#account(written.byteLength, 1);
    inside.children.set(name, file(Buffer.from(written), mode ?? 0o644, this.#now()));
    inside.modified = this.#now();
  }

  makeFolder(path: string, parents = false): void {
    const known = this.find(path);
    if (known) {
      if (parents && known.kind === 'folder') return;
      throw new FileError('File exists');
    }
    const above = path.slice(0, path.lastIndexOf('/')) || '/';
    if (parents && above !== '/' && !this.find(above)) this.makeFolder(above, true);
    const [inside, name] = this.#parentOf(path);
    this.#account(0, 1);
    inside.children.set(name, folder({}, false, this.#now()));
    inside.modified = this.#now();
  }

  remove(path: string, recursive = false): void {
    const node = this.#need(path);
    if (this.#mounts.has(node)) throw new FileError('Device or resource busy');
    if (node.kind === 'folder' && !recursive) throw new FileError('Is a directory');
    const [inside, name] = this.#parentOf(path);
    this.#release(node);
    inside.children.delete(name);
    inside.modified = this.#now();
  }

  mount(path: string, node: TreeNode): void {
    const parts = partsOf(path);
    const name = parts.pop();
    if (name === undefined) return;
    let inside = this.root;
    for (const part of parts) {
      const next = inside.children.get(part);
      const below = next?.kind === 'folder' ? next : folder();
      inside.children.set(part, below);
      inside = below;
    }
    inside.children.set(name, node);
    this.#mounts.add(node);
  }

  #need(path: string): TreeNode {
    const node = this.find(path);
    if (!node) throw new FileError('No such file or directory');
    return node;
  }

  /** The folder of a path that is to be changed, and the name in it. */
  #parentOf(path: string): readonly [FolderNode, string] {
    const parts = partsOf(path);
    if (parts.length > mostDepth) throw new FileError('File name too long');
    const name = parts.pop();
    if (name === undefined) throw new FileError('Device or resource busy');
    let node: TreeNode = this.root;
    let writable = !this.#readOnlyRoot;
    for (const part of parts) {
      const next: TreeNode | undefined = node.kind === 'folder' ? node.children.get(part) : undefined;
      if (!next) throw new FileError('No such file or directory');
      if (this.#mounts.has(next)) writable = true;
      if (next.kind === 'folder' && next.readOnly) writable = false;
      node = next;
    }
    if (node.kind !== 'folder') throw new FileError('Not a directory');
    if (!writable) throw new FileError('Read-only file system');
    return [node, name];
  }

  #account(bytes: number, nodes: number): void {
    const full = (bytes > 0 && this.#bytes + bytes > mostBytes) || (nodes > 0 && this.#nodes + nodes > mostNodes);
    if (full) throw new FileError('No space left on device');
    this.#bytes += bytes;
    this.#nodes += nodes;
  }

  #release(node: TreeNode): void {
    this.#nodes--;
    if (node.kind === 'file') this.#bytes -= node.bytes.byteLength;
    else for (const child of node.children.values()) this.#release(child);
  }
}
