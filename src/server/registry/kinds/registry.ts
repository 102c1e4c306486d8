/** The kinds an API server serves; CustomResourceDefinitions come and go, whoever caches by kind listens. */
import type { KindDefinition } from '#kube/kind/definition.ts';
import { apiVersionOf } from '#kube/meta/kind.ts';
import { builtinConversion } from '../convert/builtin.ts';
import { type Conversion, renamedVersion, type ServedKind, servedKind, storageName } from './served.ts';
import { compareVersions } from './versions.ts';

export interface KindRegistry {
  readonly find: (group: string, version: string, resource: string) => ServedKind | undefined;
  readonly byKind: (group: string, version: string, kind: string) => ServedKind | undefined;
  /** Every version served of a resource, highest first. */
  readonly versionsOf: (group: string, resource: string) => readonly ServedKind[];
  readonly all: () => readonly ServedKind[];
  readonly definitions: () => readonly KindDefinition[];
  /** Replaces whatever is served of this group and resource. */
  readonly register: (group: string, resource: string, versions: readonly ServedKind[]) => void;
  readonly unregister: (group: string, resource: string) => void;
  /** Called after each change; answers how to stop listening. */
  readonly onChange: (listener: () => void) => () => void;
}

/** `conversions`: by `group/resource` and version, for kinds whose versions differ in more than their name. */
export type Conversions = (resource: string, version: string) => Conversion | undefined;

export function kindRegistry(definitions: readonly KindDefinition[], conversions?: Conversions): KindRegistry {
  const byPath = new Map<string, ServedKind>();
  const byName = new Map<string, ServedKind>();
  const byResource = new Map<string, readonly ServedKind[]>();
  const listeners = new Set<() => void>();
  let all: readonly ServedKind[] | undefined;

  const remove = (group: string, resource: string) => {
    for (const { definition } of byResource.get(`${group}/${resource}`) ?? []) {
      byPath.delete(`${group}/${definition.version}/${resource}`);
      byName.delete(`${group}/${definition.version}/${definition.kind}`);
    }
    byResource.delete(`${group}/${resource}`);
  };

  const add = (group: string, resource: string, versions: readonly ServedKind[]) => {
    remove(group, resource);
    byResource.set(
      `${group}/${resource}`,
      [...versions].sort((a, b) => compareVersions(a.definition.version, b.definition.version)),
    );
    for (const served of versions) {
      byPath.set(`${group}/${served.definition.version}/${resource}`, served);
      byName.set(`${group}/${served.definition.version}/${served.definition.kind}`, served);
    }
  };

  const changed = () => {
    all = undefined;
    for (const listener of listeners) listener();
  };

  for (const [key, versions] of grouped(definitions)) {
    const slash = key.indexOf('/');
    add(key.slice(0, slash), key.slice(slash + 1), servedVersions(versions, conversions));
  }

  const list = () => (all ??= [...byResource.values()].flat());
  return {
    find: (group, version, resource) => byPath.get(`${group}/${version}/${resource}`),
    byKind: (group, version, kind) => byName.get(`${group}/${version}/${kind}`),
    versionsOf: (group, resource) => byResource.get(`${group}/${resource}`) ?? [],
    all: list,
    definitions: () => list().map(({ definition }) => definition),
    register: (group, resource, versions) => {
      add(group, resource, versions);
      changed();
    },
    unregister: (group, resource) => {
      remove(group, resource);
      changed();
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function grouped(definitions: readonly KindDefinition[]): Map<string, KindDefinition[]> {
  const groups = new Map<string, KindDefinition[]>();
  for (const definition of definitions) {
    const key = `${definition.group}/${definition.resource}`;
    const group = groups.get(key);
    if (group) group.push(definition);
    else groups.set(key, [definition]);
  }
  return groups;
}

/** The highest version is the stored one; the others are converted. */
function servedVersions(versions: readonly KindDefinition[], conversions?: Conversions): readonly ServedKind[] {
  const stored = [...versions].sort((a, b) => compareVersions(a.version, b.version))[0]!;
  return versions.map((definition) => {
    const resource = storageName(definition.group, definition.resource);
    const known = conversions?.(resource, definition.version) ?? builtinConversion(apiVersionOf(definition), resource);
    if (known) return servedKind(definition, known);
    if (definition === stored) return servedKind(definition);
    return servedKind(definition, renamedVersion(apiVersionOf(stored), apiVersionOf(definition)));
  });
}
