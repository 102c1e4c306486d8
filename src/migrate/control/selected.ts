/** Policies by what their selectors name, so that a template meets only those that may be for it. Pure. */
import type { ResourceSelector } from '#apis/meta/selectors.ts';
import type { Selectable } from '#apis/policy/matching.ts';

interface Selecting {
  readonly metadata: { readonly namespace?: string };
  readonly spec: { readonly resourceSelectors?: readonly ResourceSelector[] };
}

const keyOf = (namespace: string | undefined, apiVersion: string, kind: string, name = '') =>
  `${namespace ?? ''}|${apiVersion}|${kind}|${name}`;
/** Of a policy without selectors. */
const anything = (namespace: string | undefined) => keyOf(namespace, '*', '*');

function keysOf({ metadata: { namespace }, spec: { resourceSelectors = [] } }: Selecting): ReadonlySet<string> {
  if (resourceSelectors.length === 0) return new Set([anything(namespace)]);
  return new Set(resourceSelectors.map(({ apiVersion, kind, name }) => keyOf(namespace, apiVersion, kind, name)));
}

/** Those of the template's namespace and of none that may select it; whether they do is to be asked of each. */
export function bySelected<P extends Selecting>(policies: readonly P[]): (template: Selectable) => readonly P[] {
  const index = new Map<string, P[]>();
  for (const policy of policies) {
    for (const key of keysOf(policy)) {
      const known = index.get(key);
      if (known) known.push(policy);
      else index.set(key, [policy]);
    }
  }
  return ({ apiVersion, kind, metadata: { namespace, name } }) => {
    const places = namespace === undefined ? [undefined] : [undefined, namespace];
    const found = places.flatMap((place) =>
      [anything(place), keyOf(place, apiVersion, kind), keyOf(place, apiVersion, kind, name)].flatMap(
        (key) => index.get(key) ?? [],
      ),
    );
    return [...new Set(found)];
  };
}
