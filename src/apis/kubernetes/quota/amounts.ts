/** Tables of amounts by resource name, and what quota does with them (apiserver's quota/v1). Pure. */
import { addQuantity, compareQuantity, formatQuantity, parseQuantity, type Quantity } from '#kube/quantity/quantity.ts';

export type Amounts = Readonly<Record<string, Quantity>>;
/** As a ResourceQuota holds them. */
export type AmountTexts = Readonly<Record<string, string | number>>;

export const zero: Quantity = { nano: 0n, format: 'DecimalSI' };
export const count = (number: number): Quantity => ({ nano: BigInt(number) * 1_000_000_000n, format: 'DecimalSI' });

const mapped = <A, B>(table: Readonly<Record<string, A>>, to: (value: A) => B): Readonly<Record<string, B>> =>
  Object.fromEntries(Object.entries(table).map(([name, value]) => [name, to(value)]));

export const amountsIn = (texts: AmountTexts | undefined): Amounts => mapped(texts ?? {}, parseQuantity);
export const textsOf = (amounts: Amounts): Readonly<Record<string, string>> => mapped(amounts, formatQuantity);

export function add(left: Amounts, right: Amounts): Amounts {
  const sum: Record<string, Quantity> = { ...left };
  for (const [name, amount] of Object.entries(right)) sum[name] = sum[name] ? addQuantity(sum[name], amount) : amount;
  return sum;
}

export const negative = (amounts: Amounts): Amounts =>
  mapped(amounts, ({ nano, format }): Quantity => ({ nano: -nano, format }));

/** What is more in `left`; what is less counts as nothing. */
export function increase(left: Amounts, right: Amounts): Amounts {
  const more: Record<string, Quantity> = {};
  for (const [name, amount] of Object.entries(left)) {
    const nano = amount.nano - (right[name]?.nano ?? 0n);
    more[name] = { nano: nano > 0n ? nano : 0n, format: amount.format };
  }
  return more;
}

export const only = (amounts: Amounts, names: readonly string[]): Amounts =>
  Object.fromEntries(Object.entries(amounts).filter(([name]) => names.includes(name)));

export const withoutZeros = (amounts: Amounts): Amounts =>
  Object.fromEntries(Object.entries(amounts).filter(([, { nano }]) => nano !== 0n));

/** Names of which `left` has more than `right` allows; what `right` does not name is free. */
export const exceeding = (left: Amounts, right: Amounts): readonly string[] =>
  Object.keys(left).filter((name) => right[name] && compareQuantity(left[name]!, right[name]) > 0);

export const sameAmounts = (left: Amounts, right: Amounts): boolean =>
  Object.keys(left).length === Object.keys(right).length &&
  Object.entries(left).every(([name, amount]) => right[name]?.nano === amount.nano);

/** `cpu=1,pods=2`. */
export const shown = (amounts: Amounts): string =>
  Object.keys(amounts)
    .sort()
    .map((name) => `${name}=${formatQuantity(amounts[name]!)}`)
    .join(',');
