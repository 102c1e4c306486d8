/**
 * Objects as JSON, for answers, watches and the disk, without parsing the field sets that are kept as text: in half the
 * time that `JSON.stringify` of the whole would take (3.6 µs for a ConfigMap of 1.6 kB).
 */
import type { KubeObject, ManagedFieldsEntry, ObjectMeta, UnstructuredObject } from '#kube/meta/object.ts';
import { allKept, keptText, withFieldTexts } from './kept-fields.ts';

/** For the disk: the JSON of an object, and the texts of its fields, which are in no need of parsing. */
export interface DiskText {
  readonly json: string;
  readonly fields: readonly string[];
}

/** Stands in the JSON for the next of the texts. */
const takenOut = true;

export function toDiskText(object: KubeObject): DiskText {
  const fields: string[] = [];
  const json = objectText(object, (text) => {
    fields.push(text);
    return `${takenOut}`;
  });
  return { json, fields };
}

export function fromDiskText({ json, fields }: DiskText): KubeObject {
  const object = JSON.parse(json) as KubeObject;
  if (fields.length === 0) return object;
  let next = 0;
  return withFieldTexts(
    object,
    (value) => value === takenOut,
    () => fields[next++]!,
  );
}

const asItIs: FieldsText = (text) => text;

/** `JSON.stringify(object)`. */
export const jsonText = (object: KubeObject): string => objectText(object, asItIs);

/** The same of an item of a list that has said of which version and kind its items are. */
export const itemText = (object: KubeObject): string => objectText(object, asItIs, true);

/**
 * Texts of specs written lately: between two edits of a spec an object is written for each change of its status, to disk
 * and to watchers. 4,096 of about 2 kB are 8 MB; a full cache begins anew.
 */
const mostSpecs = 4_096;
const specTexts = new Map<unknown, string>();

function specText(spec: object): string {
  let text = specTexts.get(spec);
  if (text === undefined) {
    text = JSON.stringify(spec);
    if (specTexts.size >= mostSpecs) specTexts.clear();
    specTexts.set(spec, text);
  }
  return text;
}

/** Names of members, managers, versions and times recur: 4,096 of some 30 bytes are 120 kB; a full cache begins anew. */
const mostQuoted = 4_096;
const quotedTexts = new Map<string, string>();

function quoted(text: string): string {
  let known = quotedTexts.get(text);
  if (known === undefined) {
    known = JSON.stringify(text);
    if (quotedTexts.size >= mostQuoted) quotedTexts.clear();
    quotedTexts.set(text, known);
  }
  return known;
}

type FieldsText = (text: string) => string;

/** `fieldsText`: what stands in the place of a kept text. Members come in the order they have in the object. */
function objectText(object: KubeObject, fieldsText: FieldsText, untyped = false): string {
  const { metadata } = object;
  const entries = metadata?.managedFields;
  if (!Array.isArray(entries) || !allKept(entries)) return JSON.stringify(untyped ? withoutType(object) : object);
  let text = '{';
  for (const name in object) {
    const value = (object as UnstructuredObject)[name];
    const ofType = name === 'kind' || name === 'apiVersion';
    if (value === undefined || (untyped && ofType)) continue;
    if (text.length > 1) text += ',';
    text += `${quoted(name)}:`;
    if (name === 'metadata') text += metadataText(metadata, entries, fieldsText);
    else if (ofType) text += quoted(value as string);
    else
      text += name === 'spec' && typeof value === 'object' && value !== null ? specText(value) : JSON.stringify(value);
  }
  return `${text}}`;
}

export const withoutType = ({ apiVersion: _version, kind: _kind, ...item }: KubeObject) => item as KubeObject;

/** No text in metadata reads like this: quotes within texts are escaped, and no other member of it is a number named so. */
const placeholder = '"managedFields":0';

function metadataText(metadata: ObjectMeta, entries: readonly ManagedFieldsEntry[], fieldsText: FieldsText): string {
  const text = JSON.stringify({ ...metadata, managedFields: 0 });
  const at = text.indexOf(placeholder) + placeholder.length;
  let list = '';
  for (const entry of entries) list += (list === '' ? '' : ',') + entryText(entry, fieldsText);
  return `${text.slice(0, at - 1)}[${list}]${text.slice(at)}`;
}

function entryText(entry: ManagedFieldsEntry, fieldsText: FieldsText): string {
  let text = '{';
  for (const name in entry) {
    // What is kept as text is not to be parsed just to see that it is there.
    const kept = keptText(entry, name);
    const value = kept === undefined ? entry[name as keyof ManagedFieldsEntry] : undefined;
    if (kept === undefined && value === undefined) continue;
    if (text.length > 1) text += ',';
    text += `${quoted(name)}:`;
    if (kept !== undefined) text += fieldsText(kept);
    else text += typeof value === 'string' ? quoted(value) : JSON.stringify(value);
  }
  return `${text}}`;
}
