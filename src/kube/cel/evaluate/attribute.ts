/**
 * A variable or a value and the fields and indices that follow it. As in cel-go the whole is one step: an optional on
 * the way turns the rest optional, and each part costs 1, the variable itself only where it is not a branch of `?:` or
 * an index.
 */

import { goTypeName } from '../value/go-name.ts';
import { isInt } from '../value/int.ts';
import { kindName } from '../value/kind.ts';
import { textOf } from '../value/text.ts';
import {
  CelDouble,
  CelError,
  CelList,
  CelMap,
  CelOptional,
  CelUint,
  type CelValue,
  type Evaluated,
  noSuchOverload,
  noValue,
} from '../value/value.ts';
import type { Frame, Step } from './frame.ts';

export interface Qualifier {
  /** A field's name or a constant index; or how the index is found. */
  readonly key: CelValue | Step;
  readonly optional: boolean;
  /** has(...): whether it is there, not what it is. */
  readonly test: boolean;
}

export type Attribute =
  | { readonly kind: 'value'; readonly base: Step; readonly qualifiers: readonly Qualifier[] }
  | { readonly kind: 'choice'; readonly condition: Step; readonly whenTrue: Attribute; readonly whenFalse: Attribute };

/** The attribute with one more part; of a choice both branches get it. */
export function qualify(attribute: Attribute, qualifier: Qualifier): Attribute {
  if (attribute.kind === 'value') return { ...attribute, qualifiers: [...attribute.qualifiers, qualifier] };
  return {
    ...attribute,
    whenTrue: qualify(attribute.whenTrue, qualifier),
    whenFalse: qualify(attribute.whenFalse, qualifier),
  };
}

/** Without the cost of the attribute itself: as a branch of `?:`, an index or inside a larger attribute. */
export function resolver(attribute: Attribute): Step {
  if (attribute.kind === 'choice') return choice(attribute);
  const { base, qualifiers } = attribute;
  if (qualifiers.length === 0) return base;
  const fields = qualifiers.map(({ key }) => key);
  const isPlain = qualifiers.every(({ optional, key }) => !optional && typeof key === 'string');
  if (isPlain && !qualifiers.some(({ test }) => test)) return fieldPath(base, fields as string[], qualifiers);
  if (isPlain) return presence(base, fields as string[], qualifiers);
  return (frame) => {
    const value = base(frame);
    return value instanceof CelError ? value : applyAll(frame, value, qualifiers);
  };
}

function choice({ condition, whenTrue, whenFalse }: Attribute & { kind: 'choice' }): Step {
  const [yes, no] = [resolver(whenTrue), resolver(whenFalse)];
  return (frame) => {
    const value = condition(frame);
    if (value === true) return yes(frame);
    if (value === false) return no(frame);
    return value instanceof CelError ? value : noSuchOverload;
  };
}

/** The common `a.b.c` on maps and objects, without a look at what the parts may be. */
function fieldPath(base: Step, fields: readonly string[], qualifiers: readonly Qualifier[]): Step {
  return (frame) => {
    let value = base(frame);
    for (let index = 0; index < fields.length; index++) {
      if (!(value instanceof CelMap)) {
        return value instanceof CelError ? value : applyAll(frame, value, qualifiers.slice(index));
      }
      frame.charge(1);
      const found = value.find(fields[index]!);
      if (found === undefined) return missingKey(fields[index]!);
      if (found instanceof CelError) return found;
      value = found;
    }
    return value;
  };
}

/** The common `has(a.b.c)`: whether the last part is there. */
function presence(base: Step, fields: readonly string[], qualifiers: readonly Qualifier[]): Step {
  const last = fields.length - 1;
  const holder = last === 0 ? base : fieldPath(base, fields.slice(0, last), qualifiers.slice(0, last));
  const field = fields[last]!;
  return (frame) => {
    const value = holder(frame);
    if (!(value instanceof CelMap)) {
      return value instanceof CelError ? value : applyAll(frame, value, qualifiers.slice(last));
    }
    frame.charge(1);
    const found = value.find(field);
    return found instanceof CelError ? found : found !== undefined;
  };
}

function applyAll(frame: Frame, start: CelValue, qualifiers: readonly Qualifier[]): Evaluated {
  let value = start;
  let optional = false;
  if (value instanceof CelOptional) {
    if (value.value === undefined) return value;
    value = value.value;
    optional = true;
  }
  for (const qualifier of qualifiers) {
    optional ||= qualifier.optional;
    const key = typeof qualifier.key === 'function' ? qualifier.key(frame) : qualifier.key;
    if (key instanceof CelError) {
      // A part that fails has been tried; an optional one counts only when it is there.
      if (!optional) frame.charge(1);
      return key;
    }
    const found = canQualify(key) ? lookUp(value, key, optional || qualifier.test) : invalidQualifier(key);
    if (optional) {
      if (found === undefined) return noValue;
      if (found instanceof CelError) return found;
      frame.charge(1);
      value = found;
      continue;
    }
    frame.charge(1);
    if (found instanceof CelError) return found;
    value = qualifier.test ? found !== undefined : found!;
  }
  return optional ? new CelOptional(value) : value;
}

export const canQualify = (key: CelValue): boolean =>
  ['string', 'number', 'bigint', 'boolean'].includes(typeof key) || key instanceof CelUint || key instanceof CelDouble;

export const invalidQualifier = (key: CelValue): CelError => new CelError(`invalid qualifier type: ${goTypeName(key)}`);

const missingKey = (key: CelValue): CelError => new CelError(`no such key: ${textOf(key)}`);

/** What a value has under a key; undefined where it has nothing and is only asked whether. */
function lookUp(value: CelValue, key: CelValue, asked: boolean): Evaluated | undefined {
  if (value instanceof CelMap) {
    const found = value.find(key);
    return found === undefined && !asked ? missingKey(key) : found;
  }
  if (value instanceof CelList) {
    const index = indexOf(key);
    if (index instanceof CelError) return index;
    if (index >= 0 && index < value.size) return value.at(index);
    return asked ? undefined : new CelError(`index out of bounds: ${textOf(key)}`);
  }
  return asked ? undefined : missingKey(key);
}

function indexOf(key: CelValue): number | CelError {
  if (isInt(key)) return Number(key);
  if (key instanceof CelUint) return Number(key.value);
  if (key instanceof CelDouble)
    return Number.isInteger(key.value) ? key.value : new CelError(`unsupported index value ${textOf(key)} in list`);
  return new CelError(`unsupported index type '${kindName(key)}' in list`);
}
