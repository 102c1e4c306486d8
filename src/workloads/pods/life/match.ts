/**
 * Conditions on an object by path: `.status.phase` is one of some values, is there, is not. `[]` is any item of a
 * list, `['a.b/c']` a name with dots. Paths are compiled once.
 */
import type { JsonValue } from '#kube/meta/object.ts';

export interface Match {
  /** As written, for errors. */
  readonly path: string;
  readonly matches: (object: object) => boolean;
}

/** What stands beside a path: `Exists`, `DoesNotExist`, a list of values, or `{notIn: [...]}`. Throws RangeError. */
export function compileMatch(path: string, wanted: JsonValue): Match {
  const steps = stepsOf(path);
  const found = (object: object) => valuesAt(object, steps, 0);
  const compiled = (matches: (values: readonly unknown[]) => boolean): Match => ({
    path,
    matches: (object) => matches(found(object)),
  });
  if (wanted === 'Exists') return compiled((values) => values.length > 0);
  if (wanted === 'DoesNotExist') return compiled((values) => values.length === 0);
  if (Array.isArray(wanted)) {
    const allowed = new Set<unknown>(wanted);
    return compiled((values) => values.some((value) => allowed.has(value)));
  }
  const { notIn } = (wanted ?? {}) as { readonly notIn?: JsonValue };
  if (Array.isArray(notIn)) {
    const refused = new Set<unknown>(notIn);
    return compiled((values) => !values.some((value) => refused.has(value)));
  }
  throw new RangeError(`${path}: must be Exists, DoesNotExist, a list of values, or {notIn: [values]}`);
}

/** A field's name, or any item. */
type Step = string | typeof anyItem;
const anyItem = Symbol('[]');

const step = /\.([A-Za-z][A-Za-z0-9]*)|\['([^']+)'\]|(\[\])/y;

function stepsOf(path: string): readonly Step[] {
  const steps: Step[] = [];
  step.lastIndex = 0;
  while (step.lastIndex < path.length) {
    const part = step.exec(path);
    if (!part)
      throw new RangeError(`${path}: not a path like .status.phase or .metadata.annotations['example.com/name']`);
    steps.push(part[3] ? anyItem : (part[1] ?? part[2])!);
  }
  if (steps.length === 0) throw new RangeError('a path must name a field, as .status.phase does');
  return steps;
}

/** What is there; absent, null, and empty lists and maps are nothing. */
function valuesAt(value: unknown, steps: readonly Step[], at: number): readonly unknown[] {
  let current = value;
  for (let i = at; i < steps.length; i++) {
    const name = steps[i]!;
    if (name === anyItem) {
      return Array.isArray(current) ? current.flatMap((item) => valuesAt(item, steps, i + 1)) : [];
    }
    if (typeof current !== 'object' || current === null) return [];
    current = (current as Readonly<Record<string, unknown>>)[name as string];
  }
  return isNothing(current) ? [] : [current];
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
