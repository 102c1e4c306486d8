/** All tables of this folder, read once, when the first object of a built-in kind is written. */
import { access } from './access.ts';
import { apps } from './apps.ts';
import { autoscaling } from './autoscaling.ts';
import { batch } from './batch.ts';
import { core } from './core.ts';
import { corePods } from './core-pods.ts';
import { coreVolumes } from './core-volumes.ts';
import { devices } from './devices.ts';
import { extensions } from './extensions.ts';
import { fairness } from './fairness.ts';
import { networking } from './networking.ts';
import { readTables, type TypeNotation } from './notation.ts';
import { singleKinds } from './single-kinds.ts';
import { storage } from './storage.ts';

let types: ReadonlyMap<string, TypeNotation> | undefined;

export function allTypes(): ReadonlyMap<string, TypeNotation> {
  types ??= readTables([
    core,
    corePods,
    coreVolumes,
    apps,
    batch,
    autoscaling,
    networking,
    extensions,
    access,
    storage,
    devices,
    fairness,
    singleKinds,
  ]);
  return types;
}

/** The full name a type has where `groupVersion` mentions it: its own group's, else core's, else metav1's. */
export function resolveType(groupVersion: string, name: string): string | undefined {
  return [`${groupVersion}.${name}`, `v1.${name}`, `meta/v1.${name}`].find((full) => allTypes().has(full));
}

export function typeNotation(fullName: string): TypeNotation | undefined {
  return allTypes().get(fullName);
}
