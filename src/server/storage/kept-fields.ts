/**
 * The form in which stored objects keep `metadata.managedFields[].fieldsV1`: as text that is parsed when read, with
 * equal texts kept once. Field sets are a third of an object's JSON, nearly half of its memory once parsed, and seldom
 * read. Measured on the four objects of one managed template, all names and uids different: 25.6 kB of heap with them
 * parsed, 14.2 kB like this; it costs 5 µs for each entry that a write makes anew.
 */
import { deepFreeze } from '#kube/meta/freeze.ts';
import type { JsonObject, KubeObject, ManagedFieldsEntry, ObjectMeta } from '#kube/meta/object.ts';

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

export const allKept = (entries: readonly ManagedFieldsEntry[]): boolean => entries.every(isKept);

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

/** Entries whose fields stand apart get them back: `next` answers the text of each in order. */
export function withFieldTexts(
  object: KubeObject,
  standsApart: (fields: unknown) => boolean,
  next: () => string,
): KubeObject {
  return mapEntries(object, (entry) => (standsApart(entry.fieldsV1) ? keptEntry(entry, share(next())) : entry));
}

/** The object as the store keeps it; the same one when it is so already. */
export function keepFieldsAsText(object: KubeObject): KubeObject {
  return mapEntries(object, (entry) =>
    isObject(entry) && !isKept(entry) && isObject(entry.fieldsV1) ? keptEntry(entry, textOf(entry.fieldsV1)) : entry,
  );
}

/** The text that stands for a member of a managedFields entry; undefined for all that is not kept as text. */
export function keptText(holder: object, name: string): string | undefined {
  return name === 'fieldsV1' ? (holder as Partial<KeptEntry>)[textKey] : undefined;
}
