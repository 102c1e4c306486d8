/** `npm run generate [-- FOLDER]`: writes the tables and types of the built-in kinds from a kube-apiserver's answers. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { factsFolder } from './facts-folder.ts';
import { generatedFiles } from './generate.ts';
import { readFolder } from './read-folder.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = process.argv[2] ?? factsFolder(root);
if (folder === undefined) {
  console.error(
    'error: there is no folder to read from: give one, or set FLOTILLA_SHARED to a folder that holds data/kubernetes-v*',
  );
  process.exit(1);
}
for (const [path, content] of generatedFiles(readFolder(folder))) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
  console.log(`${path}: ${content.length} bytes`);
}
