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

const readAndWrite = ['get', 'patch', 'update'];

const scale = { group: 'autoscaling', version: 'v1', kind: 'Scale' };

function* all({ group, version, kind, subresources }: KindDefinition): Generator<DiscoveredSubresource> {
  if (subresources.status)
    yield { name: 'status', kind: { group, version, kind }, foreign: false, verbs: readAndWrite };
  if (subresources.scale) yield { name: 'scale', kind: scale, foreign: true, verbs: readAndWrite };
  for (const other of subresources.others ?? []) {
    yield {
      name: other.name,
      kind: { group: other.group ?? group, version: other.version ?? version, kind: other.kind },
      foreign: other.version !== undefined,
      verbs: other.verbs,
    };
  }
}

/** Of built-in kinds in order of name; of custom ones status comes before scale. */
export function subresourcesOf(definition: KindDefinition): readonly DiscoveredSubresource[] {
  const found = [...all(definition)];
  return definition.native === undefined ? found : found.sort((left, right) => (left.name < right.name ? -1 : 1));
}
