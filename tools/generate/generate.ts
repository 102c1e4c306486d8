/** All generated files of a set of facts, as texts: what `npm run generate` writes and the test compares. */
import { discoveryTable } from './discovery.ts';
import type { Facts } from './facts.ts';
import { schemaTable } from './schemas.ts';
import { refsFile, typesFile } from './types.ts';
import { jsonLines } from './write.ts';

/** Path from the repository's root -> content. */
export function generatedFiles(facts: Facts): ReadonlyMap<string, string> {
  return new Map([
    ['data/kubernetes/discovery.json', jsonLines(discoveryTable(facts), 4)],
    ['data/kubernetes/schemas.json', jsonLines(schemaTable(facts.schemas), 2)],
    ['data/kubernetes/bootstrap-rbac.json', jsonLines(facts.bootstrapRbac, 2)],
    ['src/apis/kubernetes/types.generated.ts', typesFile(facts)],
    ['src/apis/kubernetes/refs.generated.ts', refsFile(facts)],
  ]);
}
