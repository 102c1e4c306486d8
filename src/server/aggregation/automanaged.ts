/** Which APIServices a server keeps of what it serves itself, as a plan. */
import type { KindDefinition } from '#kube/kind/definition.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { defaultPriority } from '../discovery/priorities.ts';
import {
  type ApiService,
  apiRegistrationGroup,
  automanagedLabel,
  local,
  nameOf,
  referenceOf,
  withAvailability,
} from './api-service.ts';

export interface Plan {
  readonly create: readonly ApiService[];
  /** Old and new. */
  readonly update: readonly (readonly [ApiService, ApiService])[];
  readonly delete: readonly ApiService[];
}

interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

export function groupVersions(kinds: readonly KindDefinition[]): ReadonlyMap<string, GroupVersion> {
  const found = new Map<string, GroupVersion>();
  for (const { group, version } of kinds) {
    // The group of APIServices has none itself: nothing could be done about it.
    if (group === apiRegistrationGroup) continue;
    const name = nameOf(group, version);
    if (!found.has(name)) found.set(name, { group, version });
  }
  return found;
}

const specOf = ({ group, version }: GroupVersion): ApiService['spec'] => {
  const priority = defaultPriority(group, version);
  return {
    ...(group === '' ? {} : { group }),
    version,
    groupPriorityMinimum: priority.group,
    versionPriority: priority.version,
  };
};

/** What kube-apiserver's field manager would have recorded of it. */
const ownedFields = (spec: ApiService['spec']) => ({
  'f:metadata': { 'f:labels': { '.': {}, [`f:${automanagedLabel}`]: {} } },
  'f:spec': Object.fromEntries(
    Object.keys(spec)
      .sort()
      .map((field) => [`f:${field}`, {}]),
  ),
});

function wanted(of: GroupVersion, onStart: boolean, now: string): ApiService {
  const spec = specOf(of);
  const apiVersion = `${apiRegistrationGroup}/v1`;
  return withAvailability(
    {
      apiVersion,
      kind: 'APIService',
      metadata: {
        name: nameOf(of.group, of.version),
        creationTimestamp: now,
        labels: { [automanagedLabel]: onStart ? 'onstart' : 'true' },
        managedFields: [
          {
            manager: 'kube-apiserver',
            operation: 'Update',
            apiVersion,
            time: now,
            fieldsType: 'FieldsV1',
            fieldsV1: ownedFields(spec),
          },
        ],
      },
      spec,
    },
    local,
    now,
  );
}

export interface Found {
  readonly served: readonly KindDefinition[];
  /** Names of what was served when the server was made. */
  readonly builtIn: ReadonlySet<string>;
  readonly stored: readonly ApiService[];
  /** What it is built with is looked after once, when it starts. */
  readonly starting: boolean;
  readonly now: string;
}

/** Somebody else's objects are left alone, but for the condition of those without a Service. */
export function plan({ served, builtIn, stored, starting, now }: Found): Plan {
  const known = new Map(stored.map((service) => [service.metadata.name ?? '', service]));
  const versions = groupVersions(served);
  const create: ApiService[] = [];
  const update: [ApiService, ApiService][] = [];
  for (const [name, of] of versions) {
    const old = known.get(name);
    const fresh = wanted(of, builtIn.has(name), now);
    if (!old) {
      if (starting || !builtIn.has(name)) create.push(fresh);
      continue;
    }
    const follows = old.metadata.labels?.[automanagedLabel] !== undefined && (starting || !builtIn.has(name));
    if (follows && !deepEqual(old.spec, fresh.spec)) update.push([old, { ...old, spec: fresh.spec }]);
    else if (!referenceOf(old) && withAvailability(old, local, now) !== old)
      update.push([old, withAvailability(old, local, now)]);
  }
  const isGone = (service: ApiService) =>
    service.metadata.labels?.[automanagedLabel] === 'true' && !versions.has(service.metadata.name ?? '');
  return { create, update, delete: stored.filter(isGone) };
}
