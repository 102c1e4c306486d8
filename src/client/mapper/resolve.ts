/** Which resource a person means by `deploy`, `deployments.apps`, `deployment.v1.apps` or `Deployment`, as kubectl reads it. */
import type { DiscoveredResource } from './discovery.ts';

interface Asked {
  readonly name: string;
  readonly version?: string;
  readonly group?: string;
}

/** Undefined when nothing of that name is served. Of several the first: preferred groups and versions stand first. */
export function resolveName(resources: readonly DiscoveredResource[], text: string): DiscoveredResource | undefined {
  for (const asked of readings(text)) {
    const found = find(resources, asked);
    if (found) return found;
  }
  return undefined;
}

/** `a.b.c` is resource a, version b, group c, if there is such a thing; else resource a of group `b.c`. */
function* readings(text: string): Iterable<Asked> {
  const [name = '', second, ...rest] = text.toLowerCase().split('.');
  if (second !== undefined && rest.length > 0) yield { name, version: second, group: rest.join('.') };
  if (second === undefined) yield { name };
  else yield { name, group: [second, ...rest].join('.') };
  // `pods.v1` names a version of the core group.
  if (second !== undefined && rest.length === 0) yield { name, version: second, group: '' };
}

function find(
  resources: readonly DiscoveredResource[],
  { name, version, group }: Asked,
): DiscoveredResource | undefined {
  const inVersion = version === undefined ? resources : resources.filter((each) => each.version === version);
  for (const candidates of inGroup(inVersion, group)) {
    const found =
      candidates.find((each) => each.resource === name || each.singular === name) ??
      candidates.find((each) => each.shortNames.includes(name)) ??
      candidates.find((each) => each.kind.toLowerCase() === name);
    if (found) return found;
  }
  return undefined;
}

/** An exact group goes before one that only begins so: `deployments.app` finds `apps`. */
function* inGroup(resources: readonly DiscoveredResource[], group: string | undefined) {
  if (group === undefined) {
    yield resources;
    return;
  }
  yield resources.filter((each) => each.group === group);
  if (group !== '') yield resources.filter((each) => each.group.startsWith(group));
}
