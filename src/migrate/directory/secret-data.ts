/**
 * What a Secret keeps secret, wherever in it: its data, and annotations in which deployment tools keep a copy of it, as
 * kapp does with a whole manifest. Files of a plan are without; the data is read again from the cluster. Pure.
 */
import type { UnstructuredObject } from '#kube/meta/object.ts';

export const isSecret = ({ apiVersion, kind }: Pick<UnstructuredObject, 'apiVersion' | 'kind'>): boolean =>
  apiVersion === 'v1' && kind === 'Secret';

/** Each value as it may stand in a text: encoded, plain, and plain within JSON. */
function valuesOf({ data = {} }: UnstructuredObject): readonly string[] {
  const values = Object.values(data as Readonly<Record<string, string>>).filter((value) => value !== '');
  return values.flatMap((encoded) => {
    const plain = Buffer.from(encoded, 'base64').toString('utf8');
    return [encoded, plain, JSON.stringify(plain).slice(1, -1)];
  });
}

/** The annotations that hold some of its data. */
function copiesIn(secret: UnstructuredObject): Readonly<Record<string, string>> {
  const values = valuesOf(secret);
  const holds = (text: string) => values.some((value) => text.includes(value));
  return Object.fromEntries(Object.entries(secret.metadata.annotations ?? {}).filter(([, text]) => holds(text)));
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
