/** The committed expectations of kinds: a schema for each, told once where two kinds have the same; and their CRDs. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { parseYaml, toYaml } from '#kube/yaml/yaml.ts';
import { referenceCrd, referenceSchema } from './reference.ts';

const folder = join(import.meta.dirname, '..', 'testdata', 'schemas');
/** ClusterPropagationPolicy has PropagationPolicy's schema, ClusterResourceBinding ResourceBinding's. */
const fileOf = ({ kind }: KindDefinition) => join(folder, `${kind.replace(/^Cluster(?=.)/, '')}.yaml`);
const crdFile = join(folder, 'crds.yaml');

export const expectedSchema = (kind: KindDefinition): Schema =>
  parseYaml(readFileSync(fileOf(kind), 'utf8')) as unknown as Schema;

export const expectedCrd = ({ kind }: KindDefinition): JsonObject | undefined =>
  (parseYaml(readFileSync(crdFile, 'utf8')) as Readonly<Record<string, JsonObject>>)[kind];

export function writeKinds(kinds: readonly KindDefinition[]): void {
  for (const kind of kinds) writeFileSync(fileOf(kind), toYaml(referenceSchema(kind) as JsonValue));
  const crds = Object.fromEntries(
    kinds.flatMap((kind) => (referenceCrd(kind) ? [[kind.kind, referenceCrd(kind)!]] : [])),
  );
  writeFileSync(crdFile, toYaml(crds as unknown as JsonValue));
}
