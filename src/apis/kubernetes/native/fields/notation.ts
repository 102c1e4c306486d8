/**
 * How Kubernetes' own types store each field: what is dropped when empty, what is always there, what is a quantity or
 * a time. OpenAPI does not say it, so the tables of this folder do, one type a line (an indented line goes on):
 *
 *     [apps/v1]                      the group version the following types belong to
 *     DeploymentSpec replicas*=1     a type and its fields
 *
 * A field that is not listed is dropped when it is null, '', 0, false, [] or {} (omitempty). A listed field:
 *
 *     name=""           never absent: the value stands for a missing, null or zero one
 *     name*             a pointer: zero is kept, null is dropped; name*=1 has 1 when missing
 *     name:Type         a pointer to a struct, {} is kept; name:Type={} is never absent
 *     name:[Type]       a list of structs, dropped when empty; name:[Type]=null is null when missing, [] is kept
 *     name:[]=null      the same for a list of scalars
 *     name:{Type}       a map of structs, dropped when empty
 *     name:quantity, :[quantity], :{quantity}; :{resources} is a map rounded up to thousandths
 *     name!:[Type], name!:{Type}   an empty one is left for validation, which refuses it and says what it was
 *     name:{bytes}      a map of base64
 *     name:off          a feature's that is off by default: always dropped
 *     name:time, :{time}, :microtime, :intstr, and :raw for what is not looked into
 */

export interface FieldNotation {
  readonly name: string;
  /** Zero is a value of its own. */
  readonly pointer: boolean;
  /** An empty list or map is one, too. */
  readonly keepsEmpty?: boolean;
  /** 'Type', 'quantity' …, '[Type]', '{Type}', '[]'; absent for scalars. */
  readonly shape?: string;
  /** What stands for a missing field; undefined: it stays missing. */
  readonly missing?: unknown;
}

export interface TypeNotation {
  readonly groupVersion: string;
  readonly fields: readonly FieldNotation[];
}

/** Types by `groupVersion.Type`. */
export function readTables(tables: readonly string[]): ReadonlyMap<string, TypeNotation> {
  const types = new Map<string, TypeNotation>();
  let groupVersion = '';
  for (const line of tables.join('\n').replace(/\n +/g, ' ').split('\n')) {
    if (line === '') continue;
    if (line.startsWith('[')) {
      groupVersion = line.slice(1, -1);
      continue;
    }
    const [name, ...fields] = line.split(' ');
    types.set(`${groupVersion}.${name}`, { groupVersion, fields: fields.map(readField) });
  }
  return types;
}

const fieldPattern = /^(\w+)([*!]?)(?::([^=]+))?(?:=(.*))?$/;

function readField(text: string): FieldNotation {
  const [, name, mark, shape, missing] = fieldPattern.exec(text) as unknown as [
    string,
    string,
    string,
    string?,
    string?,
  ];
  return {
    name,
    pointer: mark === '*',
    ...(mark === '!' ? { keepsEmpty: true } : {}),

    shape,
    missing: missing === undefined ? undefined : readMissing(missing),
  };
}

function readMissing(text: string): unknown {
  return /^(null|true|false|\d+|""|[[{].*)$/.test(text) ? JSON.parse(text) : text;
}
