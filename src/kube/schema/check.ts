/** What a compiled check is: it looks at one value and reports causes with their paths. */
import type { StatusCause } from '../status/status.ts';
import { pathText, type Trail } from './path.ts';

export interface Report {
  /** The field the whole value stands in; texts speak of paths inside the value. */
  readonly base: string;
  readonly trail: Trail;
  readonly causes: StatusCause[];
  /** How much was looked at: of several alternatives that fail, the one with most is told of. */
  matches: number;
}

export const newReport = (base = ''): Report => ({ base, trail: [], causes: [], matches: 0 });

/** `known`: the value that stood here before, where the two can be told to be the same one. */
export type Check = (value: unknown, report: Report, known?: unknown) => void;

/** Where the value stands, as texts name it. */
export const here = (report: Report): string => pathText(report.trail);

/** The same as the field of a cause. */
export const fieldOf = (report: Report): string => fieldAt(report, here(report));

export function fieldAt({ base }: Report, text: string): string {
  return base === '' || text === '' ? base + text : `${base}.${text}`;
}

/** Go's names of JSON types; `integer` for whole numbers. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

/** Equality of JSON values; key order does not matter. */
export function sameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && sameJson(Reflect.get(left, name), Reflect.get(right, name)))
  );
}
