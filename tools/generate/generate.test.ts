/** What is committed is what the generator makes of the kept answers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { factsFolder } from './facts-folder.ts';
import { generatedFiles } from './generate.ts';
import { protobufFiles } from './protobuf/files.ts';
import { moduleCache } from './protobuf/go-modules.ts';
import { readFolder } from './read-folder.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = factsFolder(root);

function expectCommitted(files: ReadonlyMap<string, string>): void {
  for (const [path, content] of files)
    expect(readFileSync(join(root, path), 'utf8') === content, `${path} is out of date: npm run generate`).toBe(true);
}

describe('generated files', () => {
  test('are up to date', ({ skip }) => {
    if (folder === undefined)
      return skip('no kept answers of a kube-apiserver: set FLOTILLA_SHARED or put them in ../shared');
    expectCommitted(generatedFiles(readFolder(folder)));
  });

  test('of the protobuf form are up to date', ({ skip }) => {
    const files = protobufFiles(root, moduleCache());
    if (!files) return skip("the sources of Kubernetes are not in Go's module cache");
    expectCommitted(files);
  });
});
