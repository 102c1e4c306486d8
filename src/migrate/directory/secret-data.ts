/**
 * What a Secret keeps secret, wherever in it: its data, and annotations in which deployment tools keep a copy of it, as
 * kapp does with a whole manifest. Files of a plan are without; the data is read again from the cluster. Pure.
 */
import type { UnstructuredObject } from '#kube/meta/object.ts';

export const isSecret = ({ apiVersion, kind }: Pick<UnstructuredObject, 'apiVersion' | 'kind'>): boolean =>
  apiVersion === 'v1' && kind === 'Secret';

/** Letters without a gap that may be base64. */
const leastEncoded = 24;
const encodedText = /[\w+/=-]{24,}/g;
/** Hexadecimal digits of SHA-512. */
const longestHash = 128;
/** How packed data begins: gzip, zlib at its usual levels, zstd, bzip2. */
const packings: readonly (readonly number[])[] = [
  [0x1f, 0x8b],
  [0x78, 0x01],
  [0x78, 0x9c],
  [0x78, 0xda],
  [0x28, 0xb5, 0x2f, 0xfd],
  [0x42, 0x5a, 0x68],
];

/**
 * As it is written, whatever a writer of JSON or YAML makes of it: escapes (Go writes & as \u0026), quotes, line breaks
 * and the indentation after them.
 */
const bare = (text: string): string =>
  text
    .replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/\\[nrtbf]|["'\\\s]/g, '');

function valuesOf({ data = {}, stringData = {} }: UnstructuredObject): readonly string[] {
  const encoded = Object.values(data as Readonly<Record<string, string>>);
  const plain = encoded.map((value) => Buffer.from(value, 'base64').toString('utf8'));
  const texts = Object.values(stringData as Readonly<Record<string, string>>);
  return [...encoded, ...plain, ...texts].map(bare).filter((value) => value !== '');
}

/** What cannot be looked into counts as a copy: tools keep whole manifests packed in an annotation. */
function holds(text: string, values: readonly string[]): boolean {
  const written = bare(text);
  if (values.some((value) => written.includes(value))) return true;
  // Lines of base64 are one text.
  const parts = /^[\w+/=-]+$/.test(written) ? [written] : (text.match(encodedText) ?? []);
  return parts.some((part) => {
    if (part.length < leastEncoded) return false;
    const bytes = Buffer.from(part.replaceAll('-', '+').replaceAll('_', '/'), 'base64');
    // Packed, a short value is shorter than a hash.
    if (packings.some((packing) => packing.every((byte, i) => bytes[i] === byte))) return true;
    const inside = bytes.toString('utf8');
    return /[^\P{C}\s]|\uFFFD/u.test(inside) ? part.length > longestHash : holds(inside, values);
  });
}

/** The annotations that hold some of its data. */
function copiesIn(secret: UnstructuredObject): Readonly<Record<string, string>> {
  const values = valuesOf(secret);
  return Object.fromEntries(
    Object.entries(secret.metadata.annotations ?? {}).filter(([, text]) => holds(text, values)),
  );
}

function annotated(object: UnstructuredObject, annotations: Readonly<Record<string, string>>): UnstructuredObject {
  const { annotations: _, ...metadata } = object.metadata;
  const some = Object.keys(annotations).length > 0;
  return { ...object, metadata: { ...metadata, ...(some ? { annotations } : {}) } };
}

export function withoutSecretData(secret: UnstructuredObject): UnstructuredObject {
  const { data: _data, stringData: _texts, ...rest } = secret;
  const copies = copiesIn(secret);
  if (Object.keys(copies).length === 0) return rest as UnstructuredObject;
  const others = Object.entries(secret.metadata.annotations ?? {}).filter(([key]) => !(key in copies));
  return annotated(rest as UnstructuredObject, Object.fromEntries(others));
}

/** What a plan's file says, and as the running Secret has it what the file leaves out. */
export function withSecretData(file: UnstructuredObject, secret: UnstructuredObject): UnstructuredObject {
  if (!isSecret(file) || secret.data === undefined) return file;
  const whole = { ...file, data: secret.data } as UnstructuredObject;
  const copies = copiesIn(secret);
  return Object.keys(copies).length === 0 ? whole : annotated(whole, { ...copies, ...file.metadata.annotations });
}
