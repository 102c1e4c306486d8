/** What is checked beyond types: constants that no call takes, literals of mixed types, format strings. */

import { compilePattern } from '../library/pattern.ts';
import { type Call, type Expr, partsOf, walk } from '../syntax/ast.ts';
import type { Problem } from '../syntax/source.ts';
import { type CelType, formatType, sameType, typeParameters } from '../types.ts';
import { toDuration, toTimestamp } from '../value/convert.ts';
import { CelError, type CelValue } from '../value/value.ts';
import { type Checked, typeOf } from './checked.ts';
import { checkFormatCalls } from './format-calls.ts';

export function validate(checked: Checked): readonly Problem[] {
  const parts = [...walk(checked.expr)];
  return [
    ...constants(checked, parts, 'duration', (value) => !(toDuration(value) instanceof CelError)),
    ...constants(checked, parts, 'timestamp', (value) => !(toTimestamp(value) instanceof CelError)),
    ...constants(checked, parts, 'matches', isPattern),
    ...mixedLiterals(checked, checked.expr),
    ...checkFormatCalls(checked, parts),
  ];
}

const isPattern = (value: CelValue): boolean =>
  typeof value !== 'string' || !(compilePattern(value) instanceof CelError);

/** First arguments that are constants and that the function refuses. */
function constants(
  checked: Checked,
  parts: readonly Expr[],
  name: string,
  takes: (value: CelValue) => boolean,
): Problem[] {
  return parts
    .filter((part): part is Call => part.kind === 'call' && checked.calls.get(part)?.declaration.name === name)
    .map(({ args: [first] }) => first)
    .filter((first) => first?.kind === 'literal' && !takes(first.value))
    .map((first) => ({ offset: first!.offset, message: `invalid ${name} argument` }));
}

/** The arguments of `format` may be of any types. */
function mixedLiterals(checked: Checked, expr: Expr): Problem[] {
  if (expr.kind === 'call' && expr.name === 'format') return [];
  const problems = partsOf(expr).flatMap((part) => mixedLiterals(checked, part));
  if (expr.kind === 'list') {
    const items = expr.items.map((item, index) => part(checked, item, expr.optional.has(index)));
    problems.push(...firstDifference(items, true));
  } else if (expr.kind === 'map') {
    problems.push(
      ...firstDifference(
        expr.entries.map(({ key }) => part(checked, key, false)),
        false,
      ),
    );
    problems.push(
      ...firstDifference(
        expr.entries.map(({ value, optional }) => part(checked, value, optional)),
        false,
      ),
    );
  }
  return problems;
}

interface Part {
  readonly offset: number;
  readonly type: CelType;
}

const part = (checked: Checked, expr: Expr, optional: boolean): Part => {
  const type = typeOf(checked, expr);
  return { offset: expr.offset, type: optional ? (typeParameters(type)[0] ?? type) : type };
};

function firstDifference(parts: readonly Part[], onlyFirst: boolean): Problem[] {
  const [first, ...rest] = parts;
  if (!first) return [];
  const different = rest.filter(({ type }) => !sameType(first.type, type, false));
  return (onlyFirst ? different.slice(0, 1) : different).map(({ offset, type }) => ({
    offset,
    message: `expected type '${formatType(first.type)}' but found '${formatType(type)}'`,
  }));
}
