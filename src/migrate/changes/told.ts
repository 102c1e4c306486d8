/** Changes as plans and reports tell them: nothing of what Secrets hold, no marks of management, nothing endless. Pure. */
import type { JsonValue, KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { isSecret } from '../directory/secret-data.ts';
import type { Change } from '../model.ts';

/** Of one object. */
const mostChanges = 20;
/** Letters of JSON. */
const longestValue = 400;
const shownOfText = 200;

/** Tools keep manifests in annotations, with all that a Secret holds, packed so that nobody sees it. */
const holdsData = /^\.(?:data|stringData|metadata\.annotations)\b|^\.metadata$|^$/;

type Typed = Pick<UnstructuredObject, 'apiVersion' | 'kind'>;

const isHidden = (object: Typed, path: string): boolean => isSecret(object) && holdsData.test(path);

/** A part of a text keeps all of it in memory, a megabyte perhaps; a copy does not. */
const copied = (text: string): string => JSON.parse(JSON.stringify(text)) as string;

function cut(value: JsonValue): JsonValue {
  const text = JSON.stringify(value);
  if (text.length <= longestValue) return value;
  if (typeof value === 'string') return copied(`${value.slice(0, shownOfText)}… (${value.length} letters)`);
  return Array.isArray(value) ? `(a list of ${value.length})` : `(${Object.keys(value as object).length} fields)`;
}

/** What may be told of a field's value. */
export const toldValue = (object: Typed, path: string, value: JsonValue): JsonValue =>
  isHidden(object, path) ? '(hidden)' : cut(value);

export const toldChange = (object: Typed, change: Change): Change => ({
  ...change,
  ...(change.before === undefined ? {} : { before: toldValue(object, change.path, change.before) }),
  ...(change.after === undefined ? {} : { after: toldValue(object, change.path, change.after) }),
});

const ours = /^[^/]*\b(?:karmada|flotilla)\.io\//;
const marked = /^\.metadata\.(?:labels|annotations)\./;

/** Who has set what, and what the server counts: they follow from the other changes. */
const bookkeeping = /^\.metadata\.(?:managedFields|resourceVersion|generation|uid|creationTimestamp)\b|^\.status\b/;

/** Whether it is a label or an annotation of management, or what follows from other changes. */
export const isOurs = (path: string): boolean =>
  bookkeeping.test(path) || (marked.test(path) && ours.test(path.replace(marked, '')));

/** The label or annotation that every managed object gets from us, where the change is of that kind. */
export function markIn({ is, path }: Change): string | undefined {
  if (is === 'removed' || !marked.test(path)) return undefined;
  const name = path.replace(marked, '');
  return ours.test(name) ? name : undefined;
}

/** Whether a label or annotation besides our marks would differ: cheap, for objects of which nothing else does. */
export function relabels(live: KubeObject, answer: KubeObject): boolean {
  return (['labels', 'annotations'] as const).some((field) => {
    const [before, after] = [live.metadata[field] ?? {}, answer.metadata[field] ?? {}];
    const isOther = (key: string) => before[key] !== after[key] && !(after[key] !== undefined && ours.test(key));
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].some(isOther);
  });
}

export interface ToldChanges {
  readonly changes: readonly Change[];
  /** How many there are besides. */
  readonly more: number;
}

/** `restarting`: paths of fields whose change replaces or stops Pods; they go first, whatever there is no room for. */
export function toldChanges(
  object: Typed,
  changes: readonly Change[],
  restarting: ReadonlySet<string> = new Set(),
): ToldChanges {
  const own = changes
    .filter((change) => markIn(change) === undefined && !bookkeeping.test(change.path))
    .map((change): Change => (restarting.has(change.path) ? { ...change, restarts: true } : change))
    .sort((a, b) => Number(b.restarts ?? false) - Number(a.restarts ?? false));
  const kept = own.slice(0, mostChanges).map((change) => toldChange(object, change));
  return { changes: kept, more: own.length - kept.length };
}
