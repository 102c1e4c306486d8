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
import { type CelInt, intOf, largestInt } from '../value/int.ts';
import { CelDouble, CelError, CelOpaque, type CelValue, type Evaluated, noSuchOverload } from '../value/value.ts';
import { type CelLibrary, declare, method, overload } from './declare.ts';

const { bool, double, int, quantity, string } = celTypes;
const nano = 1_000_000_000n;

class QuantityValue extends CelOpaque {
  readonly quantity: Quantity;
  constructor(value: Quantity) {
    super();
    this.quantity = value;
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
    return new QuantityValue(parseQuantity(text));
  } catch (error) {
    if (error instanceof RangeError) return new CelError(error.message);
    throw error;
  }
}

const malformed = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/** Whole units, where there is nothing else and they fit. */
const wholeOf = (value: Quantity): CelInt | undefined => {
  const units = value.nano / nano;
  return units * nano === value.nano && units <= largestInt && units >= -largestInt - 1n ? intOf(units) : undefined;
};

const compare = (left: QuantityValue, right: QuantityValue) => compareQuantity(left.quantity, right.quantity);
const ofInt = (value: CelInt): Quantity => ({ nano: BigInt(value) * nano, format: 'DecimalExponent' });

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
      overload('quantity_sign', [quantity], int, (value: QuantityValue) => compareQuantity(value.quantity, ofInt(0))),
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
    declare(
      'asApproximateFloat',
      method(
        'quantity_get_float',
        [quantity],
        double,
        (value: QuantityValue) => new CelDouble(approximately(value.quantity)),
      ),
    ),
    declare(
      'asInteger',
      method(
        'quantity_get_int',
        [quantity],
        int,
        (value: QuantityValue) => wholeOf(value.quantity) ?? new CelError('cannot convert value to integer'),
      ),
    ),
    declare(
      'isInteger',
      method('quantity_is_integer', [quantity], bool, (value: QuantityValue) => wholeOf(value.quantity) !== undefined),
    ),
    declare(
      'add',
      method(
        'quantity_add',
        two,
        quantity,
        (left: QuantityValue, right: QuantityValue) => new QuantityValue(addQuantity(left.quantity, right.quantity)),
      ),
      method(
        'quantity_add_int',
        [quantity, int],
        quantity,
        (left: QuantityValue, right: CelInt) => new QuantityValue(addQuantity(left.quantity, ofInt(right))),
      ),
    ),
    declare(
      'sub',
      method(
        'quantity_sub',
        two,
        quantity,
        (left: QuantityValue, right: QuantityValue) =>
          new QuantityValue(subtractQuantity(left.quantity, right.quantity)),
      ),
      method(
        'quantity_sub_int',
        [quantity, int],
        quantity,
        (left: QuantityValue, right: CelInt) => new QuantityValue(subtractQuantity(left.quantity, ofInt(right))),
      ),
    ),
  ],
};

/** Exact for whole units; else the nearest double of the decimal. */
const approximately = ({ nano: amount }: Quantity): number =>
  amount % nano === 0n ? Number(amount / nano) : Number(`${amount}e-9`);
