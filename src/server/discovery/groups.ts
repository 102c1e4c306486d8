/** What is served, by group and version in the order clients are told of it, other API servers' versions among it. */
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import { compareGroups, compareRanked, defaultPriority, type Priority, type Ranked } from './priorities.ts';

/** A group version that another API server serves behind this one. */
export interface ForeignVersion {
  readonly group: string;
  readonly version: string;
  readonly priority: Priority;
  /** As that server's aggregated discovery has them; undefined while it has told nothing. */
  readonly resources?: readonly JsonObject[];
  /** What is known is old. */
  readonly stale: boolean;
}

/** What APIServices change of discovery. */
export interface ServiceView {
  /** Where one says other than the default. */
  readonly priority: (group: string, version: string) => Priority | undefined;
  readonly foreign: () => readonly ForeignVersion[];
  readonly onChange: (listener: () => void) => unknown;
}

export interface ServedVersion extends Ranked {
  /** In order of name. */
  readonly kinds: readonly KindDefinition[];
  readonly foreign?: ForeignVersion;
}

export interface ServedGroup {
  readonly group: string;
  /** Most preferred first. */
  readonly versions: readonly ServedVersion[];
}

const byName = (left: KindDefinition, right: KindDefinition) => (left.resource < right.resource ? -1 : 1);

export function servedGroups(kinds: readonly KindDefinition[], services?: ServiceView): readonly ServedGroup[] {
  const groups = new Map<string, Map<string, ServedVersion>>();
  const versionsIn = (group: string) => {
    const known = groups.get(group) ?? new Map<string, ServedVersion>();
    groups.set(group, known);
    return known;
  };
  for (const kind of kinds) {
    const { group, version } = kind;
    const versions = versionsIn(group);
    const known = versions.get(version);
    const priority = known?.priority ?? services?.priority(group, version) ?? defaultPriority(group, version);
    versions.set(version, { version, priority, kinds: [...(known?.kinds ?? []), kind] });
  }
  for (const foreign of services?.foreign() ?? []) {
    const { group, version, priority } = foreign;
    versionsIn(group).set(version, { version, priority, kinds: [], foreign });
  }
  return [...groups]
    .map(([group, versions]) => ({
      group,
      versions: [...versions.values()]
        .map((each) => ({ ...each, kinds: [...each.kinds].sort(byName) }))
        .sort(compareRanked),
    }))
    .sort(compareGroups);
}
