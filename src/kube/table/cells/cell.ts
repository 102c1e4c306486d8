/** What the cells of all kinds are made with. */
import type { KubeObject, ObjectMeta } from '../../meta/object.ts';
import { parseTime } from '../../meta/time.ts';
import { humanDuration } from '../duration.ts';

export type Cell = string | number | boolean | null;

/** All cells of a row, those of `-o wide` too, in the order of the kind's columns. `now` in milliseconds since 1970. */
export type CellFunction = (object: KubeObject, now: number) => readonly Cell[];

export const none = '<none>';
export const unset = '<unset>';

/** What a cell function reads of its kind; nothing else of the object is looked at. */
export interface View<Spec, Status = unknown> {
  readonly metadata: ObjectMeta;
  readonly spec?: Spec;
  readonly status?: Status;
}

/** A cell function that sees its object as `V`. */
export function cellsOf<V extends { readonly metadata: ObjectMeta }>(
  cells: (view: V, now: number) => readonly Cell[],
): CellFunction {
  return cells as unknown as CellFunction;
}

/** Time since `timestamp`; `<unknown>` when there is none. */
export function since(timestamp: string | null | undefined, now: number): string {
  return timestamp ? humanDuration(now - parseTime(timestamp)) : '<unknown>';
}

export const nameOf = ({ metadata }: { readonly metadata: ObjectMeta }): string => metadata.name ?? '';

export const ageOf = ({ metadata }: { readonly metadata: ObjectMeta }, now: number): string =>
  since(metadata.creationTimestamp, now);

/** `a=1,b=2`, sorted; `<none>` for no labels. */
export function labelsText(labels: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.keys(labels ?? {})
    .sort()
    .map((key) => `${key}=${labels![key]}`);
  return pairs.join(',') || none;
}

/** The first of the texts that is not empty. */
export function firstOf(...texts: readonly (string | undefined)[]): string {
  return texts.find((text) => text) ?? '';
}

/** At most `most` texts, and how many more there are. */
export function listText(texts: readonly string[], most: number): string {
  const shown = texts.slice(0, most).join(',');
  return texts.length > most ? `${shown} + ${texts.length - most} more...` : shown;
}

/** True and False as some columns write them. */
export const boolText = (value: boolean | undefined): string =>
  value === undefined ? unset : value ? 'True' : 'False';
