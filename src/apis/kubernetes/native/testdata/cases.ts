/** Reads the cases of testdata folders, and takes objects the way the registry does. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deepFreeze } from '#kube/meta/freeze.ts';
import type { JsonValue, KubeObject } from '#kube/meta/object.ts';
import { applyMergePatch } from '#kube/patch/merge.ts';
import { parseYamlDocuments } from '#kube/yaml/yaml.ts';
import { nativeBehaviour } from '../index.ts';

/** A change to the base object of its file, as a merge patch, and what comes of it. */
export interface Case {
  readonly change: JsonValue;
  /** `field: message`, in any order; none: it is accepted. */
  readonly findings?: readonly string[];
  readonly warnings?: readonly string[];
}

/** Name without ending, and documents, of each YAML file in a folder. */
export function yamlFiles(folder: string): readonly (readonly [string, readonly JsonValue[]])[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => [name.slice(0, -5), parseYamlDocuments(readFileSync(join(folder, name), 'utf8'))] as const);
}

export function behaviourOf({ apiVersion, kind }: KubeObject): ReturnType<typeof nativeBehaviour> {
  return nativeBehaviour(apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '', kind);
}

export function changed(base: KubeObject, change: JsonValue): KubeObject {
  return deepFreeze(applyMergePatch(base as unknown as JsonValue, change) as unknown as KubeObject);
}

/** With defaults and prepared for storage: created, or changed from `old`. */
export function taken(object: KubeObject, old?: KubeObject): KubeObject {
  const { defaults, prepareForCreate, prepareForUpdate } = behaviourOf(object);
  const defaulted = defaults!(deepFreeze(object));
  const prepared = old === undefined ? prepareForCreate?.(defaulted) : prepareForUpdate?.(defaulted, old);
  return deepFreeze(prepared ?? defaulted);
}

/** What is stored once it has been created. */
export function stored(object: KubeObject): KubeObject {
  const created = taken(object);
  return deepFreeze({ ...created, metadata: { ...created.metadata, resourceVersion: '1' } });
}
