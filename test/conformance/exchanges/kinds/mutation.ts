/** One wrong field of a sample. */
import type { Anything } from '#harness/kubectl.ts';

/** `path.to[0].field`, and what is put there; undefined takes the field away. */
export type Mutation = readonly [string, Anything?];

export const long = 'x'.repeat(64);
/** Values that fit few fields of text. */
const badTexts = ['', 'Not_A_Name', long] as const;

export const texts = (path: string): readonly Mutation[] => badTexts.map((value) => [path, value]);
export const numbers = (path: string, ...more: readonly number[]): readonly Mutation[] =>
  [-1, 0, ...more].map((value) => [path, value]);
export const each = (path: string, ...values: readonly Anything[]): readonly Mutation[] =>
  values.map((value) => [path, value]);
