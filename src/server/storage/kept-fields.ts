/**
 * The form in which stored objects keep `metadata.managedFields[].fieldsV1`: as text that is parsed when read, with
 * equal texts kept once. Field sets are a third of an object's JSON, nearly half of its memory once parsed, and seldom
 * read. Measured on the four objects of one managed template, all names and uids different: 25.6 kB of heap with them
 * parsed, 14.2 kB like this; it costs 5 µs for each entry that a write makes anew.
 */
import { deepFreeze } from '#kube/meta/freeze.ts';
import type { JsonObject, KubeObject, ManagedFieldsEntry, ObjectMeta, UnstructuredObject } from '#kube/meta/object.ts';

/** Texts shared between objects: 8,192 of about 1 kB = 8 MB. Beyond, sharing begins anew. */
const sharedTexts = 8_192;
/** Parsed texts at hand: 4,096 of about 4 kB = 16 MB, the unique ones of 1,000 templates on their way. Beyond, parsing begins anew. */
const parsedTexts = 4_096;

const textKey = Symbol('fieldsV1 as text');

interface KeptEntry extends ManagedFieldsEntry {
  readonly [textKey]: string;
}

const shared = new Map<string, string>();
const parsed = new Map<string, JsonObject>();
/** What a value was parsed from or written as, so that handing it on costs nothing. */
const textOfValue = new WeakMap<JsonObject, string>();

function share(text: string): string {
  const known = shared.get(text);
  if (known !== undefined) return known;
  if (shared.size >= sharedTexts) shared.clear();
  shared.set(text, text);
  return text;
}

function parse(text: string): JsonObject {
  const known = parsed.get(text);
  if (known) return known;
  const value = deepFreeze(JSON.parse(text) as JsonObject);
  remember(text, value);
  return value;
}

/** What was written is read soon: by the next write of the same object. */
function remember(text: string, value: JsonObject): void {
  textOfValue.set(value, text);
  if (parsed.has(text)) return;
  if (parsed.size >= parsedTexts) parsed.clear();
  parsed.set(text, value);
}

function textOf(value: JsonObject): string {
  let text = textOfValue.get(value);
  if (text === undefined) {
    text = share(JSON.stringify(value));
    remember(text, value);
  }
  return text;
}

const isKept = (entry: ManagedFieldsEntry): entry is KeptEntry => textKey in entry;

const parsedWhenRead: PropertyDescriptor & ThisType<KeptEntry> = {
  get() {
    return parse(this[textKey]);
  },
  enumerable: true,
};

/** The entry with its fields as `text`; all else, and the order, as it was. */
function keptEntry(entry: ManagedFieldsEntry, text: string): ManagedFieldsEntry {
  const kept: Record<string, unknown> = {};
  for (const name in entry) {
    if (name === 'fieldsV1') Object.defineProperty(kept, name, parsedWhenRead);
    else {
      const value = entry[name as keyof ManagedFieldsEntry];
      // Managers, versions and operations are few; times are not.
      kept[name] = typeof value === 'string' && name !== 'time' ? share(value) : value;
    }
  }
  Object.defineProperty(kept, textKey, { value: text });
  return Object.freeze(kept) as ManagedFieldsEntry;
}

function mapEntries(object: KubeObject, map: (entry: ManagedFieldsEntry) => ManagedFieldsEntry): KubeObject {
  const { metadata } = object;
  const entries = metadata.managedFields;
  if (!Array.isArray(entries) || entries.length === 0) return object;
  const mapped = entries.map(map);
  if (mapped.every((entry, index) => entry === entries[index])) return object;
  const changed: ObjectMeta = { ...metadata, managedFields: Object.freeze(mapped) };
  return { ...object, metadata: changed };
}

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null;

/** The object as the store keeps it; the same one when it is so already. */
export function keepFieldsAsText(object: KubeObject): KubeObject {
  return mapEntries(object, (entry) =>
    isObject(entry) && !isKept(entry) && isObject(entry.fieldsV1) ? keptEntry(entry, textOf(entry.fieldsV1)) : entry,
  );
}

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
  return mapEntries(object, (entry) =>
    (entry.fieldsV1 as unknown) === takenOut ? keptEntry(entry, share(fields[next++]!)) : entry,
  );
}

/** The text that stands for a member of a managedFields entry; undefined for all that is not kept as text. */
export function keptText(holder: object, name: string): string | undefined {
  return name === 'fieldsV1' ? (holder as Partial<KeptEntry>)[textKey] : undefined;
}

/** `JSON.stringify(object)` without parsing what is kept as text, in a fifth of the time. */
export function jsonText(object: KubeObject): string {
  return objectText(object, (text) => text);
}

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

/** `fieldsText`: what stands in the place of a kept text. Members come in the order they have in the object. */
function objectText(object: KubeObject, fieldsText: (text: string) => string): string {
  const { metadata } = object;
  const entries = metadata?.managedFields;
  if (!Array.isArray(entries) || !entries.every(isKept)) return JSON.stringify(object);
  return membersText(object, (name, value) => {
    if (name === 'metadata') return metadataText(metadata, entries, fieldsText);
    return name === 'spec' && isObject(value) ? specText(value) : JSON.stringify(value);
  });
}

const metadataText = (metadata: ObjectMeta, entries: readonly KeptEntry[], fieldsText: (text: string) => string) =>
  membersText(metadata, (name, value) =>
    name === 'managedFields'
      ? `[${entries.map((entry) => entryText(entry, fieldsText)).join(',')}]`
      : JSON.stringify(value),
  );

const entryText = (entry: KeptEntry, fieldsText: (text: string) => string) =>
  membersText(entry, (name, value) => (name === 'fieldsV1' ? fieldsText(entry[textKey]) : JSON.stringify(value)));

/** A JSON object of all members that have a value. */
function membersText(of: object, valueText: (name: string, value: unknown) => string): string {
  let text = '';
  for (const name in of) {
    // What is kept as text is not to be parsed just to see that it is there.
    const value = name === 'fieldsV1' ? null : (of as UnstructuredObject)[name];
    if (value !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${valueText(name, value)}`;
  }
  return `{${text}}`;
}
