/** Macros: calls that are rewritten before types are checked. */
import { accumulatorName, type Expr } from './ast.ts';
import type { Builder } from './builder.ts';

/** Thrown where the arguments of a macro are not what it takes. */
export class MacroProblem extends Error {
  readonly offset: number;
  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/** undefined: not this macro's business after all, it stays a call. */
type Expand = (build: Builder, target: Expr, args: readonly Expr[]) => Expr | undefined;

export interface Macro {
  readonly name: string;
  readonly args: number;
  readonly member: boolean;
  readonly expand: Expand;
}

function nameOf(expr: Expr, refusal: string): string {
  if (expr.kind !== 'ident') throw new MacroProblem(expr.offset, refusal);
  return expr.name;
}

function loopVariable(expr: Expr, refusal: string): string {
  const name = nameOf(expr, refusal);
  if (name === accumulatorName || name === '__result__')
    throw new MacroProblem(expr.offset, 'iteration variable overwrites accumulator variable');
  return name;
}

/** The variables of a loop and the arguments after them. */
interface Head {
  readonly variable: string;
  readonly variable2: string | undefined;
  readonly rest: readonly Expr[];
}

function head(args: readonly Expr[], variables: 1 | 2, refusal: string): Head {
  if (variables === 1) return { variable: loopVariable(args[0]!, refusal), variable2: undefined, rest: args.slice(1) };
  const [first, second] = args as [Expr, Expr];
  const [variable, variable2] = [nameOf(first, refusal), nameOf(second, refusal)];
  if (variable === variable2) throw new MacroProblem(second.offset, `duplicate variable name: ${variable}`);
  loopVariable(first, refusal);
  loopVariable(second, refusal);
  return { variable, variable2, rest: args.slice(2) };
}

const simpleName = 'argument must be a simple name';
const notAnIdentifier = 'argument is not an identifier';

const all =
  (variables: 1 | 2): Expand =>
  (build, range, args) => {
    const { rest, ...names } = head(args, variables, simpleName);
    return build.loop({
      range,
      ...names,
      initial: build.literal(true),
      condition: build.call('@not_strictly_false', build.gathered()),
      step: build.call('_&&_', build.gathered(), rest[0]!),
    });
  };

const exists =
  (variables: 1 | 2): Expand =>
  (build, range, args) => {
    const { rest, ...names } = head(args, variables, simpleName);
    return build.loop({
      range,
      ...names,
      initial: build.literal(false),
      condition: build.call('@not_strictly_false', build.call('!_', build.gathered())),
      step: build.call('_||_', build.gathered(), rest[0]!),
    });
  };

const existsOne =
  (variables: 1 | 2): Expand =>
  (build, range, args) => {
    const { rest, ...names } = head(args, variables, simpleName);
    const more = build.call('_+_', build.gathered(), build.literal(1));
    return build.loop({
      range,
      ...names,
      initial: build.literal(0),
      condition: build.literal(true),
      step: build.call('_?_:_', rest[0]!, more, build.gathered()),
      result: build.call('_==_', build.gathered(), build.literal(1)),
    });
  };

/** Gathers what `step` makes of each entry the filter lets through; the filter is the argument before the last. */
function gather(
  build: Builder,
  range: Expr,
  { rest, ...names }: Head,
  initial: Expr,
  step: (last: Expr) => Expr,
): Expr {
  const last = step(rest.at(-1)!);
  return build.loop({
    range,
    ...names,
    initial,
    condition: build.literal(true),
    step: rest.length > 1 ? build.call('_?_:_', rest[0]!, last, build.gathered()) : last,
  });
}

const appended = (build: Builder) => (item: Expr) => build.call('_+_', build.gathered(), build.list(item));

const map: Expand = (build, range, args) =>
  gather(build, range, head(args, 1, notAnIdentifier), build.list(), appended(build));

const filter: Expand = (build, range, args) => {
  const names = head(args, 1, notAnIdentifier);
  return gather(build, range, { ...names, rest: [args[1]!, args[0]!] }, build.list(), appended(build));
};

const transformList: Expand = (build, range, args) =>
  gather(build, range, head(args, 2, simpleName), build.list(), appended(build));

const transformMap: Expand = (build, range, args) => {
  const names = head(args, 2, simpleName);
  return gather(build, range, names, build.emptyMap(), (value) =>
    build.call('cel.@mapInsert', build.gathered(), build.ident(names.variable), value),
  );
};

const transformMapEntry: Expand = (build, range, args) =>
  gather(build, range, head(args, 2, simpleName), build.emptyMap(), (entry) =>
    build.call('cel.@mapInsert', build.gathered(), entry),
  );

const has: Expand = (build, _target, [field]) => {
  if (field?.kind !== 'select') throw new MacroProblem(field!.offset, 'invalid argument to has() macro');
  return { kind: 'select', offset: build.offset, operand: field.operand, field: field.field, test: true };
};

const optional =
  (macro: string, wrap: (build: Builder, bound: Expr) => Expr): Expand =>
  (build, target, [variable, result]) => {
    const name = nameOf(variable!, `${macro}() variable name must be a simple identifier`);
    const bound = build.bind(name, build.member('value', build.copy(target)), result!);
    return build.call('_?_:_', build.member('hasValue', target), wrap(build, bound), build.call('optional.none'));
  };

const sortable: ReadonlySet<string> = new Set(['list', 'select', 'ident', 'comprehension', 'call']);

const sortBy: Expand = (build, target, args) => {
  if (!sortable.has(target.kind))
    throw new MacroProblem(
      target.offset,
      'sortBy can only be applied to a list, identifier, comprehension, call or select expression',
    );
  const input = '@__sortBy_input__';
  const keys = map(build, build.ident(input), args)!;
  return build.bind(input, target, build.member('@sortByAssociatedKeys', build.ident(input), keys));
};

const bind: Expand = (build, target, [variable, value, result]) => {
  if (target.kind !== 'ident' || target.name !== 'cel') return undefined;
  return build.bind(nameOf(variable!, 'cel.bind() variable names must be simple identifiers'), value!, result!);
};

const member = (name: string, args: number, expand: Expand): Macro => ({ name, args, member: true, expand });

export const standardMacros: readonly Macro[] = [
  { name: 'has', args: 1, member: false, expand: has },
  member('all', 2, all(1)),
  member('exists', 2, exists(1)),
  member('exists_one', 2, existsOne(1)),
  member('map', 2, map),
  member('map', 3, map),
  member('filter', 2, filter),
  member(
    'optMap',
    2,
    optional('optMap', (build, bound) => build.call('optional.of', bound)),
  ),
  member(
    'optFlatMap',
    2,
    optional('optFlatMap', (_build, bound) => bound),
  ),
  member('all', 3, all(2)),
  member('exists', 3, exists(2)),
  member('existsOne', 3, existsOne(2)),
  member('exists_one', 3, existsOne(2)),
  member('transformList', 3, transformList),
  member('transformList', 4, transformList),
  member('transformMap', 3, transformMap),
  member('transformMap', 4, transformMap),
  member('transformMapEntry', 3, transformMapEntry),
  member('transformMapEntry', 4, transformMapEntry),
  member('sortBy', 2, sortBy),
];

/** `cel.bind(name, value, result)`: no part of what Kubernetes compiles with, so it is asked for. */
export const bindMacro: Macro = member('bind', 3, bind);

export const macroKey = (name: string, args: number, isMember: boolean): string => `${name}:${args}:${isMember}`;
