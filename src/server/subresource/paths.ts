/** Simple field paths, `.spec.replicas`, as the scale subresource declares them. */
import type { KubeObject } from '#kube/meta/object.ts';

type Fields = Readonly<Record<string, unknown>>;

const stepsOf = (path: string): readonly string[] => path.split('.').filter((step) => step !== '');

export function valueAt(object: KubeObject, path: string): unknown {
  let value: unknown = object;
  for (const step of stepsOf(path)) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Fields)[step];
  }
  return value;
}

/** A copy with the value at the path; objects on the way are made where they are missing. */
export function withValueAt<T extends KubeObject>(object: T, path: string, value: unknown): T {
  return replaced(object as unknown as Fields, stepsOf(path), value) as T;
}

function replaced(fields: Fields, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) return value;
  const inner = fields[step];
  const next = typeof inner === 'object' && inner !== null ? (inner as Fields) : {};
  return { ...fields, [step]: replaced(next, rest, value) };
}
