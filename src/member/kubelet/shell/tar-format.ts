/** ustar archives: headers written, and archives read as they come. Pure. */

const blockBytes = 512;
/** Of one file in an archive: what a container may hold. */
const mostEntryBytes = 32 * 1024 * 1024;

export interface TarEntry {
  /** Without a leading slash; folders end with one. */
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'other';
  readonly mode: number;
  /** Seconds since 1970. */
  readonly modified: number;
  readonly bytes: Buffer;
}

export class TarError extends Error {
  override readonly name = 'TarError';
}

const octal = (value: number, digits: number) => `${Math.floor(value).toString(8).padStart(digits, '0')}\0`;

/** A name of up to 100 bytes, and up to 155 before a slash in front of it. */
function split(name: string): { readonly name: string; readonly prefix: string } {
  if (Buffer.byteLength(name) <= 100) return { name, prefix: '' };
  for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) {
    const [prefix, rest] = [name.slice(0, at), name.slice(at + 1)];
    if (Buffer.byteLength(rest) <= 100 && rest !== '' && Buffer.byteLength(prefix) <= 155)
      return { name: rest, prefix };
  }
  throw new TarError(`${name}: file name is too long`);
}

/** Header, content and padding. */
export function tarEntry({ name: full, kind, mode, modified, bytes }: TarEntry): Buffer {
  const { name, prefix } = split(full);
  const header = Buffer.alloc(blockBytes);
  header.write(name, 0);
  header.write(octal(mode & 0o7777, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(bytes.byteLength, 11), 124);
  header.write(octal(Math.max(0, modified), 11), 136);
  header.write('        ', 148);
  header.write(kind === 'folder' ? '5' : '0', 156);
  header.write('ustar\x0000', 257);
  header.write('root', 265);
  header.write('root', 297);
  header.write(prefix, 345);
  header.write(`${checksum(header).toString(8).padStart(6, '0')}\0 `, 148);
  const padding = (blockBytes - (bytes.byteLength % blockBytes)) % blockBytes;
  return Buffer.concat([header, bytes, Buffer.alloc(padding)]);
}

export const tarEnd = Buffer.alloc(2 * blockBytes);

/** The sum of all bytes, those of the checksum itself as spaces. */
const checksum = (header: Buffer): number =>
  header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0);

const text = (header: Buffer, at: number, length: number): string => {
  const field = header.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end);
};

const number = (header: Buffer, at: number, length: number): number =>
  // The high bit marks a binary number, which large sizes have.
  header[at]! & 0x80
    ? header.subarray(at + 1, at + length).reduce((sum, byte) => sum * 256 + byte, 0)
    : Number.parseInt(text(header, at, length).trim() || '0', 8);

/** Names in extended headers: `27 path=a/long/name\n`. */
function extendedPath(bytes: Buffer): string | undefined {
  let at = 0;
  let path: string | undefined;
  while (at < bytes.byteLength) {
    const length = Number.parseInt(bytes.toString('latin1', at, at + 12), 10);
    if (!(length > 0)) break;
    const record = bytes.toString('utf8', at, at + length);
    const match = /^\d+ path=(.*)\n$/s.exec(record);
    if (match) path = match[1];
    at += length;
  }
  return path;
}

const kinds: Readonly<Record<string, TarEntry['kind']>> = { '0': 'file', '\0': 'file', '7': 'file', '5': 'folder' };

/** Throws TarError for what is no archive, or breaks off. */
export async function* readTar(input: AsyncIterable<Uint8Array>): AsyncIterable<TarEntry> {
  const take = reader(input);
  let longName: string | undefined;
  for (;;) {
    const header = await take(blockBytes, true);
    if (!header || header.every((byte) => byte === 0)) break;
    if (number(header, 148, 8) !== checksum(header)) throw new TarError('invalid tar magic');
    const size = number(header, 124, 12);
    if (size > mostEntryBytes) throw new TarError('write error: No space left on device');
    const bytes = (await take(size))!;
    await take((blockBytes - (size % blockBytes)) % blockBytes);
    const type = String.fromCharCode(header[156]!);
    if (type === 'L') longName = bytes.toString('utf8').replace(/\0+$/, '');
    else if (type === 'x') longName = extendedPath(bytes) ?? longName;
    else if (type !== 'g') {
      const prefix = text(header, 257, 5) === 'ustar' ? text(header, 345, 155) : '';
      const name = longName ?? (prefix ? `${prefix}/${text(header, 0, 100)}` : text(header, 0, 100));
      longName = undefined;
      const kind = kinds[type] ?? 'other';
      yield { name, kind, mode: number(header, 100, 8) & 0o7777, modified: number(header, 136, 12), bytes };
    }
  }
  // The sender is let finish: it would take a closed pipe for a failure.
  while (await take(blockBytes, true));
}

/** Answers a function that gives so many bytes; undefined at the end where that is allowed. */
function reader(input: AsyncIterable<Uint8Array>) {
  const iterator = input[Symbol.asyncIterator]();
  let pieces: Buffer[] = [];
  let size = 0;
  return async (wanted: number, mayEnd = false): Promise<Buffer | undefined> => {
    while (size < wanted) {
      const { done, value } = await iterator.next();
      if (done) {
        if (mayEnd) return undefined;
        throw new TarError('short read');
      }
      pieces.push(Buffer.from(value));
      size += value.byteLength;
    }
    const all = Buffer.concat(pieces, size);
    pieces = [all.subarray(wanted)];
    size -= wanted;
    return all.subarray(0, wanted);
  };
}
