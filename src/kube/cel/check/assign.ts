/** Whether a type can stand where another is wanted, binding type parameters on the way: cel-go's unification. */
import { type CelType, celTypes, sameType, typeName, typeParameters } from '../types.ts';

/** What type parameters are bound to, by their names. */
export type Bindings = Map<string, CelType>;

export const isDyn = (type: CelType): boolean => type.kind === 'dyn';
export const isDynOrError = (type: CelType): boolean => type.kind === 'dyn' || type.kind === 'error';

const nullable: ReadonlySet<CelType['kind']> = new Set(['opaque', 'object', 'timestamp', 'duration', 'null', 'dyn']);

/** Binds into `bindings`, also where it fails half way: callers give it a copy. */
export function assign(bindings: Bindings, from: CelType, to: CelType): boolean {
  if (to.kind === 'param') {
    const [valid, bound] = bind(bindings, from, to);
    if (valid || bound) return valid;
  }
  if (from.kind === 'param') return bind(bindings, to, from)[0];
  if (isDynOrError(from) || isDynOrError(to)) return true;
  if (from.kind === 'null') return nullable.has(to.kind);
  if (to.kind === 'null') return nullable.has(from.kind);
  if (from.kind === 'type') return to.kind === 'type';
  return (
    from.kind === to.kind &&
    typeName(from) === typeName(to) &&
    assignAll(bindings, typeParameters(from), typeParameters(to))
  );
}

export const assignAll = (bindings: Bindings, from: readonly CelType[], to: readonly CelType[]): boolean =>
  from.length === to.length && from.every((type, index) => assign(bindings, type, to[index]!));

/** Whether `type` can stand for the parameter, and whether that was bound already. */
function bind(
  bindings: Bindings,
  type: CelType,
  parameter: CelType & { kind: 'param' },
): [valid: boolean, bound: boolean] {
  if (sameType(type, parameter)) return [true, true];
  const known = bindings.get(parameter.name);
  if (!known) {
    if (!isFree(bindings, parameter, type)) return [false, false];
    bindings.set(parameter.name, type);
    return [true, false];
  }
  if (sameType(type, known)) return [true, true];
  if (!assign(bindings, type, known)) return [false, true];
  const general = mostGeneral(type, known);
  if (isFree(bindings, parameter, general)) bindings.set(parameter.name, general);
  return [true, true];
}

/** A parameter must not be bound to what contains it. */
function isFree(bindings: Bindings, parameter: CelType, within: CelType): boolean {
  if (sameType(parameter, within)) return false;
  if (within.kind !== 'param') return typeParameters(within).every((type) => isFree(bindings, parameter, type));
  const known = bindings.get(within.name);
  return known === undefined || isFree(bindings, parameter, known);
}

/** Of two types that agree the one that says less. */
export const mostGeneral = (left: CelType, right: CelType): CelType => (saysNoMore(left, right) ? left : right);

function saysNoMore(left: CelType, right: CelType): boolean {
  if (isDyn(left) || left.kind === 'param') return true;
  if (isDyn(right) || right.kind === 'param' || left.kind !== right.kind) return false;
  if (left.kind === 'type') return true;
  const [ours, theirs] = [typeParameters(left), typeParameters(right)];
  return (
    typeName(left) === typeName(right) &&
    ours.length === theirs.length &&
    ours.every((type, index) => saysNoMore(type, theirs[index]!))
  );
}

/** Bound parameters replaced; unbound ones too, by dyn, once nothing more will be known. */
export function substitute(bindings: Bindings, type: CelType, unboundToDyn = false): CelType {
  switch (type.kind) {
    case 'param': {
      const known = bindings.get(type.name);
      return known ? substitute(bindings, known, unboundToDyn) : unboundToDyn ? celTypes.dyn : type;
    }
    case 'list': {
      const element = substitute(bindings, type.element, unboundToDyn);
      return element === type.element ? type : celTypes.list(element);
    }
    case 'map': {
      const [key, value] = [type.key, type.value].map((part) => substitute(bindings, part, unboundToDyn)) as [
        CelType,
        CelType,
      ];
      return key === type.key && value === type.value ? type : celTypes.map(key, value);
    }
    case 'opaque':
      return type.parameters.length === 0
        ? type
        : { ...type, parameters: type.parameters.map((part) => substitute(bindings, part, unboundToDyn)) };
    case 'type':
      return type.of ? celTypes.typeOf(substitute(bindings, type.of, unboundToDyn)) : type;
    default:
      return type;
  }
}

/** The names of all type parameters in these types. */
export function parametersIn(types: readonly CelType[], found: Set<string> = new Set()): Set<string> {
  for (const type of types) {
    if (type.kind === 'param') found.add(type.name);
    else parametersIn(typeParameters(type), found);
  }
  return found;
}
