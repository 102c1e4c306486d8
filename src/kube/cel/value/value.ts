/**
 * The values of CEL. What JSON has is itself: null, boolean, string, and a number is an int. An int beyond what a number
 * holds exactly is a bigint, so that one int has one form and most arithmetic stays as fast as JavaScript's own.
 */
import type { CelType } from '../types.ts';

export class CelUint {
  readonly value: bigint;
  constructor(value: bigint) {
    this.value = value;
  }
}

export class CelDouble {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** Nanoseconds may be more than a number holds: an int64 of them. */
export class CelDuration {
  readonly nanos: bigint;
  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

/** A moment since 1970, and the offset from UTC in seconds it is written with. */
export class CelTimestamp {
  readonly seconds: number;
  readonly nanos: number;
  readonly offset: number;
  constructor(seconds: number, nanos: number, offset = 0) {
    this.seconds = seconds;
    this.nanos = nanos;
    this.offset = offset;
  }
}

/** A type as a value: what `type(1)` and the identifier `int` are. */
export class CelTypeValue {
  readonly type: CelType;
  constructor(type: CelType) {
    this.type = type;
  }
}

/** `undefined` is optional.none(). */
export class CelOptional {
  readonly value: CelValue | undefined;
  constructor(value: CelValue | undefined) {
    this.value = value;
  }
}

export const noValue = new CelOptional(undefined);

/** A value only functions look into: a quantity, an IP address, an authorizer, … */
export abstract class CelOpaque {
  abstract readonly type: CelType;
  /** An error text where the other is of another kind and upstream says so. */
  abstract equals(other: CelValue): boolean | CelError;
  /** As error texts show it. */
  abstract text(): string;
  /** What `size` counts for costs; 1 where it has none. */
  get costSize(): number {
    return 1;
  }
}

export abstract class CelList {
  abstract readonly size: number;
  /** The item at an index inside the list. */
  abstract at(index: number): Evaluated;
  /** Lists of a schema may ignore the order of items. */
  equalTo?(other: CelList): boolean | CelError;
  /** Whether a value is in it, where that is looked at in a way of its own. */
  has?(value: CelValue): Evaluated;
  /** Lists of a schema may merge. */
  plus?(other: CelList): CelList;
}

export abstract class CelMap {
  abstract readonly size: number;
  abstract find(key: CelValue): Evaluated | undefined;
  abstract keys(): Iterable<CelValue>;
  /** Objects of a schema compare fields that CEL does not see as JSON. */
  equalTo?(other: CelMap): boolean | CelError;
  /** Objects made by an expression have a type of their own. */
  get type(): CelType | undefined {
    return undefined;
  }
}

export type CelValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | CelUint
  | CelDouble
  | CelDuration
  | CelTimestamp
  | CelTypeValue
  | CelOptional
  | CelList
  | CelMap
  | CelOpaque;

/**
 * An error as a value: `&&` and `||` absorb it, a comprehension carries it on, every other operation passes it on.
 * Returned rather than thrown, for costs go on being counted around it.
 */
export class CelError {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

export type Evaluated = CelValue | CelError;

export const noSuchOverload = new CelError('no such overload');
