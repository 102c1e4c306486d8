/** Dependencies of a template that the plan does not bring along. Pure. */
import type { Dependency } from '#interpreter/interpreter.ts';
import { keyFor } from '#kube/meta/key.ts';

/** `v1/ConfigMap/shop/settings`. */
export const identityOf = (apiVersion: string, kind: string, namespace: string | undefined, name: string): string =>
  `${apiVersion}/${kind}/${keyFor(namespace, name)}`;

/** `taken`: what the plan takes over; `there`: what the running cluster has. Dependencies by selector are not one object. */
export function missingNotes(
  needs: readonly Dependency[],
  taken: ReadonlySet<string>,
  there: ReadonlySet<string>,
): readonly string[] {
  return needs.flatMap(({ apiVersion, kind, namespace, name }) => {
    if (name === undefined) return [];
    const id = identityOf(apiVersion, kind, namespace, name);
    if (taken.has(id)) return [];
    const title = `${kind} ${keyFor(namespace, name)}`;
    return [there.has(id) ? `needs ${title}, which the plan leaves out` : `needs ${title}, which is not there`];
  });
}
