/**
 * `npm run generate [-- FOLDER] [--go-modules FOLDER]`: writes the tables and types of the built-in kinds, from a
 * kube-apiserver's answers and, for their protobuf form, from the sources in Go's module cache.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { factsFolder } from './facts-folder.ts';
import { generatedFiles } from './generate.ts';
import { protobufFiles } from './protobuf/files.ts';
import { moduleCache } from './protobuf/go-modules.ts';
import { readFolder } from './read-folder.ts';

const root = join(import.meta.dirname, '..', '..');
const { values, positionals } = parseArgs({ allowPositionals: true, options: { 'go-modules': { type: 'string' } } });

function write(files: ReadonlyMap<string, string>): void {
  for (const [path, content] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
    console.log(`${path}: ${content.length} bytes`);
  }
}

const folder = positionals[0] ?? factsFolder(root);
if (folder === undefined) {
  console.error(
    'error: there is no folder to read from: give one, or set FLOTILLA_SHARED to a folder that holds data/kubernetes-v*',
  );
  process.exit(1);
}
write(generatedFiles(readFolder(folder)));

const cache = values['go-modules'] ?? moduleCache();
const protobuf = protobufFiles(root, cache);
if (protobuf) write(protobuf);
else {
  console.error(
    `error: ${cache} lacks the sources for data/kubernetes/protobuf.json: npm run test:conformance downloads them, --go-modules names another folder`,
  );
  process.exitCode = 1;
}
