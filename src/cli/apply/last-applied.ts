/** The manifest that was applied last, kept in an annotation for the three-way merge of the next apply. */
import { lastApplied } from '#apis/names/annotations.ts';
import { printValue } from '#kube/jsonpath/print.ts';
import type { JsonObject, KubeObject } from '#kube/meta/object.ts';

/** The object with itself in its annotation, letter by letter as kubectl writes it: sorted keys, a line break at the end. */
export function withLastApplied(object: KubeObject): KubeObject {
  const { [lastApplied]: _own, ...annotations } = object.metadata.annotations ?? {};
  const plain = { ...object, metadata: { ...object.metadata, annotations } };
  const text = `${printValue(plain)}\n`;
  return { ...plain, metadata: { ...plain.metadata, annotations: { ...annotations, [lastApplied]: text } } };
}

/** For create and replace: where it was asked for, or where the manifest carries the annotation already. */
export const withLastAppliedIf = (asked: boolean, object: KubeObject): KubeObject =>
  asked || object.metadata.annotations?.[lastApplied] !== undefined ? withLastApplied(object) : object;

/** Undefined where nobody applied the object so far, or the annotation is no JSON. */
export function lastAppliedOf(live: KubeObject): JsonObject | undefined {
  const text = live.metadata.annotations?.[lastApplied];
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return undefined;
  }
}
