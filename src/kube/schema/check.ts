/** What a compiled check is: it looks at one value and reports causes with their paths. */
import type { StatusCause } from '../status/status.ts';
import { pathText, type Trail } from './path.ts';

export interface Report {
  readonly base: string;
  readonly trail: Trail;
  readonly causes: StatusCause[];
}

/** `known` was found valid before: what is the same reference in both is not looked at again. */
export type Check = (value: unknown, report: Report, known?: unknown) => void;

export const here = (report: Report): string => pathText(report.trail, report.base);

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
