/** Subresources of a kind as discovery lists them: what they answer, and with which verbs. */
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { GroupVersionKind } from '#kube/meta/kind.ts';

export interface DiscoveredSubresource {
  readonly name: string;
  readonly kind: GroupVersionKind;
  /** Of another group version than the parent, which discovery then writes out. */
  readonly foreign: boolean;
  readonly verbs: readonly string[];
}

/** `pods/exec`, `clusters/proxy`: whether this server has something to connect to. */
export type Connects = (definition: KindDefinition, subresource: string) => boolean;

/** Those that upgrade the connection, forward it, or read from a node. */
const connecting = new Set(['attach', 'exec', 'log', 'portforward', 'proxy']);

const readAndWrite = ['get', 'patch', 'update'];

function* all({ group, version, kind, subresources }: KindDefinition): Generator<DiscoveredSubresource> {
  const scale = { group: 'autoscaling', version: 'v1', kind: 'Scale' };
  if (subresources.scale) yield { name: 'scale', kind: scale, foreign: true, verbs: readAndWrite };
  if (subresources.status)
    yield { name: 'status', kind: { group, version, kind }, foreign: false, verbs: readAndWrite };
  for (const other of subresources.others ?? []) {
    yield {
      name: other.name,
      kind: { group: other.group ?? group, version: other.version ?? version, kind: other.kind },
      foreign: other.version !== undefined,
      verbs: other.verbs,
    };
  }
}

/** In order of name. */
export function subresourcesOf(definition: KindDefinition, connects: Connects): readonly DiscoveredSubresource[] {
  return [...all(definition)]
    .filter(({ name }) => !connecting.has(name) || connects(definition, name))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}
