/** A checked expression becomes a function: closures for its parts, constants folded, variables at fixed places. */

import { type Checked, operands, typeOf } from '../check/checked.ts';
import { CelCompileError } from '../errors.ts';
import type { Call, Comprehension, Expr, Select } from '../syntax/ast.ts';
import { CelError, CelOptional, CelTypeValue, type CelValue } from '../value/value.ts';
import { type Attribute, canQualify, invalidQualifier, type Qualifier, qualify, resolver } from './attribute.ts';
import { comparer, planCall } from './call.ts';
import { comparisonStep, isComparison } from './comparison.ts';
import { foldStep, gatheredReader, notIterable } from './fold.ts';
import { Frame, type Step } from './frame.ts';
import { listStep, mapStep, structCost } from './literal.ts';
import { equality, logical } from './logic.ts';
import { membership } from './membership.ts';
import { patternCall } from './pattern-call.ts';
import { constantOf, isConstant, type Planned, type Slots } from './planned.ts';
import { quantifierOf, quantifierStep } from './quantifier.ts';

export interface Program {
  readonly step: Step;
  /** How many places for loop variables an evaluation needs. */
  readonly slots: number;
}

interface Plan {
  readonly checked: Checked;
  slots: number;
}

export function planProgram(checked: Checked): Program {
  const plan: Plan = { checked, slots: 0 };
  const { step } = planExpr(plan, checked.expr, undefined);
  return { step, slots: plan.slots };
}

function planExpr(plan: Plan, expr: Expr, scope: Slots | undefined): Planned {
  switch (expr.kind) {
    case 'literal':
      return constantOf(expr.value);
    case 'ident':
      return planName(plan, expr, scope);
    case 'select':
      return planSelect(plan, expr, scope);
    case 'call':
      return planAnyCall(plan, expr, scope);
    case 'list':
      return folded(
        expr.items.map((item) => planExpr(plan, item, scope)),
        (steps) => listStep(steps, expr.optional),
      );
    case 'map': {
      const parts = expr.entries.flatMap(({ key, value }) => [key, value].map((part) => planExpr(plan, part, scope)));
      return folded(parts, (steps) =>
        mapStep(
          expr.entries.map(({ optional }, index) => ({
            key: steps[index * 2]!,
            value: steps[index * 2 + 1]!,
            optional,
          })),
        ),
      );
    }
    case 'struct': {
      const entries = expr.fields.map(({ name, value, optional }) => ({
        key: () => name,
        value: planExpr(plan, value, scope).step,
        optional,
      }));
      return { step: mapStep(entries, structCost, typeOf(plan.checked, expr)) };
    }
    case 'comprehension':
      return planFold(plan, expr, scope);
  }
}

/** A literal all parts of which are constants is one itself, and costs nothing when it runs. */
function folded(parts: readonly Planned[], make: (steps: readonly Step[]) => Step): Planned {
  const step = make(parts.map((part) => part.step));
  if (!parts.every(isConstant)) return { step };
  const value = step(new Frame({}, Number.POSITIVE_INFINITY, 0));
  return value instanceof CelError ? { step: () => value } : constantOf(value);
}

function planName(plan: Plan, expr: Expr, scope: Slots | undefined): Planned {
  const reference = plan.checked.names.get(expr)!;
  if (reference.names) {
    // Types that are made by their fields are known to the checker alone.
    if (reference.names.kind === 'object' && reference.names.fields)
      throw new CelCompileError('program', `reference to undefined type: ${reference.name}`);
    return constantOf(new CelTypeValue(reference.names));
  }
  const { name } = reference;
  for (let slot = scope; slot; slot = slot.outer) if (slot.name === name) return attributePlan(startingWith(slot.read));
  const missing = new CelError(`no such attribute(s): ${name}`);
  return attributePlan(
    startingWith((frame) => frame.variables[name] ?? (frame.variables[name] === null ? null : missing)),
  );
}

const startingWith = (base: Step): Attribute => ({ kind: 'value', base, qualifiers: [] });

function attributePlan(attribute: Attribute, cost = 1): Planned {
  const resolve = resolver(attribute);
  if (cost === 0) return { step: resolve, attribute };
  return {
    attribute,
    step: (frame) => {
      const value = resolve(frame);
      frame.charge(1);
      return value;
    },
  };
}

/** What may be followed by fields and indices: a name as it is, anything else as the start of something new. */
const attributeOf = (planned: Planned): Attribute => planned.attribute ?? startingWith(planned.step);

function planSelect(plan: Plan, expr: Select, scope: Slots | undefined): Planned {
  if (plan.checked.names.has(expr)) return planName(plan, expr, scope);
  const operand = planExpr(plan, expr.operand, scope);
  const attribute = qualify(attributeOf(operand), { key: expr.field, optional: false, test: expr.test });
  if (!expr.test) return attributePlan(attribute, attribute.kind === 'choice' ? 0 : 1);
  const resolve = resolver(attribute);
  return {
    attribute,
    step: (frame) => {
      const value = resolve(frame);
      return value instanceof CelOptional ? value.value !== undefined : value;
    },
  };
}

function planAnyCall(plan: Plan, call: Call, scope: Slots | undefined): Planned {
  const args = operands(plan.checked, call).map((arg) => planExpr(plan, arg, scope));
  const [first, second, third] = args as [Planned, Planned, Planned];
  switch (call.name) {
    case '_&&_':
      return { step: logical(first.step, second.step, false) };
    case '_||_':
      return { step: logical(first.step, second.step, true) };
    case '_==_':
      return { step: equality(first.step, second.step, false) };
    case '_!=_':
      return { step: equality(first.step, second.step, true) };
    case '_?_:_':
      return planChoice(first, second, third);
    case '_[_]':
      return planIndex(first, second, false);
    case '_[?_]':
    case '_?._':
      return planIndex(first, second, true);
    default:
      return planFunction(plan, call, args);
  }
}

function planFunction(plan: Plan, call: Call, args: readonly Planned[]): Planned {
  const reference = plan.checked.calls.get(call)!;
  const { name } = reference.declaration;
  const [first, second] = args;
  if ((name === 'or' || name === 'orValue') && first && second)
    return { step: orStep(first.step, second.step, name === 'orValue') };
  const [overload] = reference.overloads;
  if (name === '@in' && reference.overloads.length === 1 && overload === 'in_list' && second && isConstant(second)) {
    const constant = membership(first!.step, second.constant);
    if (constant) return constant;
  }
  if (isComparison(name) && first && second) {
    return { step: comparisonStep(name, first.step, second.step, comparer(reference)) };
  }
  return planCall(patternCall(reference, second?.constant), args);
}

const orStep =
  (left: Step, right: Step, unwrap: boolean): Step =>
  (frame) => {
    const value = left(frame);
    if (!(value instanceof CelOptional)) return value;
    if (value.value === undefined) return right(frame);
    return unwrap ? value.value : value;
  };

function planChoice(condition: Planned, whenTrue: Planned, whenFalse: Planned): Planned {
  return attributePlan(
    { kind: 'choice', condition: condition.step, whenTrue: attributeOf(whenTrue), whenFalse: attributeOf(whenFalse) },
    0,
  );
}

function planIndex(operand: Planned, index: Planned, optional: boolean): Planned {
  const attribute = qualify(attributeOf(operand), { key: indexKey(index), optional, test: false });
  return attributePlan(attribute, attribute.kind === 'choice' ? 0 : 1);
}

function indexKey(index: Planned): Qualifier['key'] {
  const constant: CelValue | undefined = index.constant;
  if (constant !== undefined) {
    if (!canQualify(constant)) throw new CelCompileError('program', invalidQualifier(constant).message);
    return constant;
  }
  return index.attribute ? resolver(index.attribute) : index.step;
}

function planFold(plan: Plan, expr: Comprehension, scope: Slots | undefined): Planned {
  const [gathered, variable] = [plan.slots++, plan.slots++];
  const variable2 = expr.variable2 === undefined ? undefined : plan.slots++;
  const slot =
    (place: number): Step =>
    (frame) =>
      frame.slots[place]!;
  const initial = planExpr(plan, expr.initial, scope);
  const range = planExpr(plan, expr.range, scope).step;
  const outer: Slots = { name: expr.accumulator, read: gatheredReader(gathered, initial.step), outer: scope };
  const single: Slots = { name: expr.variable, read: slot(variable), outer };
  const inner = variable2 === undefined ? single : { name: expr.variable2!, read: slot(variable2), outer: single };
  const quantifier = quantifierOf(expr);
  if (quantifier) {
    const predicate = planExpr(plan, quantifier.predicate, inner).step;
    const loop = { range, predicate, decisive: quantifier.decisive, variable, variable2 };
    return { step: quantifierStep(loop, (value) => notIterable(value, variable2 !== undefined)) };
  }
  const [condition, step] = [expr.condition, expr.step].map((part) => planExpr(plan, part, inner).step) as [Step, Step];
  const result = planExpr(plan, expr.result, outer).step;
  return { step: foldStep({ range, condition, step, result, variable, variable2, gathered }) };
}
