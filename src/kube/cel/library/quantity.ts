/** Resource quantities. */

import {
  addQuantity,
  compareQuantity,
  formatQuantity,
  parseQuantity,
  type Quantity,
  subtractQuantity,
} from '../../quantity/quantity.ts';
import { type CelType, celTypes } from '../types.ts';
import { type CelInt, intOf } from '../value/int.ts';
import { CelDouble, CelError, CelOpaque, type CelValue, type Evaluated, noSuchOverload } from '../value/value.ts';
import { type Amount, addAmounts, amountOf, approximate, negated, wholeUnits } from './amount.ts';
import { type CelLibrary, declare, method, overload } from './declare.ts';

const { bool, double, int, quantity, string } = celTypes;
const nano = 1_000_000_000n;

class QuantityValue extends CelOpaque {
  readonly quantity: Quantity;
  readonly amount: Amount | undefined;
  constructor(quantity: Quantity, amount: Amount | undefined) {
    super();
    this.quantity = quantity;
    this.amount = amount;
  }
  get type(): CelType {
    return quantity;
  }
  equals(other: CelValue): boolean | CelError {
    return other instanceof QuantityValue ? compareQuantity(this.quantity, other.quantity) === 0 : noSuchOverload;
  }
  text(): string {
    return formatQuantity(this.quantity);
  }
}

function parse(text: string): Evaluated {
  // Spaces around are for values in YAML; here they are none of a quantity.
  if (/^\s|\s$/.test(text)) return new CelError(malformed);
  try {
    return new QuantityValue(parseQuantity(text), amountOf(text));
  } catch (error) {
    if (error instanceof RangeError) return new CelError(error.message);
    throw error;
  }
}

const malformed = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

const compare = (left: QuantityValue, right: QuantityValue) => compareQuantity(left.quantity, right.quantity);
const ofInt = (value: CelInt): QuantityValue =>
  new QuantityValue({ nano: BigInt(value) * nano, format: 'DecimalExponent' }, { value: BigInt(value), scale: 0 });

const plus = (left: QuantityValue, right: QuantityValue): QuantityValue =>
  new QuantityValue(addQuantity(left.quantity, right.quantity), addAmounts(left.amount, right.amount));

const minus = (left: QuantityValue, right: QuantityValue): QuantityValue =>
  new QuantityValue(subtractQuantity(left.quantity, right.quantity), addAmounts(left.amount, negated(right.amount)));

function asInteger({ amount }: QuantityValue): Evaluated {
  const units = wholeUnits(amount);
  return units === undefined ? new CelError('cannot convert value to integer') : intOf(units);
}

/** A decimal counts in nanounits. */
const asDouble = ({ amount, quantity: { nano: units } }: QuantityValue): CelDouble =>
  new CelDouble(amount ? approximate(amount) : approximate({ value: units, scale: -9 }));

const two = [quantity, quantity];

export const quantities: CelLibrary = {
  functions: [
    declare('quantity', overload('string_to_quantity', [string], quantity, parse)),
    declare(
      'isQuantity',
      overload('is_quantity_string', [string], bool, (text: string) => parse(text) instanceof QuantityValue),
    ),
    declare(
      'sign',
      overload('quantity_sign', [quantity], int, (value: QuantityValue) => compare(value, ofInt(0))),
    ),
    declare(
      'isGreaterThan',
      method(
        'quantity_is_greater_than',
        two,
        bool,
        (left: QuantityValue, right: QuantityValue) => compare(left, right) > 0,
      ),
    ),
    declare(
      'isLessThan',
      method(
        'quantity_is_less_than',
        two,
        bool,
        (left: QuantityValue, right: QuantityValue) => compare(left, right) < 0,
      ),
    ),
    declare('compareTo', method('quantity_compare_to', two, int, compare)),
    declare('asApproximateFloat', method('quantity_get_float', [quantity], double, asDouble)),
    declare('asInteger', method('quantity_get_int', [quantity], int, asInteger)),
    declare(
      'isInteger',
      method('quantity_is_integer', [quantity], bool, (value: QuantityValue) => wholeUnits(value.amount) !== undefined),
    ),
    declare(
      'add',
      method('quantity_add', two, quantity, plus),
      method('quantity_add_int', [quantity, int], quantity, (left: QuantityValue, right: CelInt) =>
        plus(left, ofInt(right)),
      ),
    ),
    declare(
      'sub',
      method('quantity_sub', two, quantity, minus),
      method('quantity_sub_int', [quantity, int], quantity, (left: QuantityValue, right: CelInt) =>
        minus(left, ofInt(right)),
      ),
    ),
  ],
};
