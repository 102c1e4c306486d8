/** The types of CEL: what variables are declared with and what the checker finds for every part of an expression. */

/**
 * What a schema says about the size of a value, for static cost estimates: the most characters, items or entries it may
 * have, and the fewest bytes it takes as JSON.
 */
export interface CelSizes {
  readonly maxElements: number;
  readonly minSerializedSize: number;
}

/** The fields of an object by the names CEL has for them; a map of them is one. */
export interface CelFields {
  get(name: string): CelType | undefined;
}

type ScalarKind = 'bool' | 'int' | 'uint' | 'double' | 'string' | 'bytes' | 'null' | 'timestamp' | 'duration' | 'dyn';

export type CelType = (
  | { readonly kind: ScalarKind | 'error' }
  | { readonly kind: 'list'; readonly element: CelType }
  | { readonly kind: 'map'; readonly key: CelType; readonly value: CelType }
  /** Known by its name; `fields` of a declared object, none of an object that only functions take. */
  | { readonly kind: 'object'; readonly name: string; readonly fields?: CelFields }
  | { readonly kind: 'opaque'; readonly name: string; readonly parameters: readonly CelType[] }
  | { readonly kind: 'type'; readonly of?: CelType }
  | { readonly kind: 'param'; readonly name: string }
) & { readonly sizes?: CelSizes };

const list = (element: CelType): CelType => ({ kind: 'list', element });
const map = (key: CelType, value: CelType): CelType => ({ kind: 'map', key, value });
const opaque = (name: string, ...parameters: CelType[]): CelType => ({ kind: 'opaque', name, parameters });
const object = (name: string, fields?: CelFields): CelType => ({
  kind: 'object',
  name,
  ...(fields ? { fields } : {}),
});

export const celTypes = {
  bool: { kind: 'bool' },
  int: { kind: 'int' },
  uint: { kind: 'uint' },
  double: { kind: 'double' },
  string: { kind: 'string' },
  bytes: { kind: 'bytes' },
  null: { kind: 'null' },
  timestamp: { kind: 'timestamp' },
  duration: { kind: 'duration' },
  dyn: { kind: 'dyn' },
  error: { kind: 'error' },
  type: { kind: 'type' },
  ip: opaque('net.IP'),
  cidr: opaque('net.CIDR'),
  url: object('kubernetes.URL'),
  quantity: object('kubernetes.Quantity'),
  semver: object('kubernetes.Semver'),
  namedFormat: object('kubernetes.NamedFormat'),
  authorizer: object('kubernetes.authorization.Authorizer'),
  pathCheck: object('kubernetes.authorization.PathCheck'),
  groupCheck: object('kubernetes.authorization.GroupCheck'),
  resourceCheck: object('kubernetes.authorization.ResourceCheck'),
  decision: object('kubernetes.authorization.Decision'),
  list,
  map,
  object,
  optional: (value: CelType): CelType => opaque('optional_type', value),
  typeOf: (of: CelType): CelType => ({ kind: 'type', of }),
  param: (name: string): CelType => ({ kind: 'param', name }),
} as const satisfies Record<string, CelType | ((...types: never[]) => CelType)>;

/** The parameters of a type in cel-go's order: element, key and value, or what an opaque type was made with. */
export function typeParameters(type: CelType): readonly CelType[] {
  switch (type.kind) {
    case 'list':
      return [type.element];
    case 'map':
      return [type.key, type.value];
    case 'opaque':
      return type.parameters;
    case 'type':
      return type.of ? [type.of] : [];
    default:
      return [];
  }
}

const runtimeNames: Readonly<Record<string, string>> = {
  null: 'null_type',
  timestamp: 'google.protobuf.Timestamp',
  duration: 'google.protobuf.Duration',
  error: '!error!',
};

/** The name `type(value)` has. */
export function typeName(type: CelType): string {
  if (type.kind === 'object' || type.kind === 'opaque' || type.kind === 'param') return type.name;
  return runtimeNames[type.kind] ?? type.kind;
}

/** As error texts show a type: `list(int)`, `map(string, dyn)`. */
export function formatType(type: CelType): string {
  switch (type.kind) {
    case 'null':
      return 'null';
    case 'timestamp':
    case 'duration':
      return type.kind;
    default: {
      const parameters = typeParameters(type);
      return parameters.length === 0 ? typeName(type) : `${typeName(type)}(${parameters.map(formatType).join(', ')})`;
    }
  }
}

/** `exact` also compares the names of type parameters. */
export function sameType(left: CelType, right: CelType, exact = true): boolean {
  if (left === right) return true;
  if (left.kind !== right.kind) return false;
  if ((exact || left.kind !== 'param') && typeName(left) !== typeName(right)) return false;
  const [ours, theirs] = [typeParameters(left), typeParameters(right)];
  return ours.length === theirs.length && ours.every((type, index) => sameType(type, theirs[index]!, exact));
}

export const isOptionalType = (type: CelType): type is CelType & { kind: 'opaque' } =>
  type.kind === 'opaque' && type.name === 'optional_type';

/** What an optional holds; any other type as it is. */
export const unwrapOptional = (type: CelType): CelType => (isOptionalType(type) ? type.parameters[0]! : type);
