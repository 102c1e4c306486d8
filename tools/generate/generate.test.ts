/** What is committed is what the generator makes of the kept answers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { factsFolder } from './facts-folder.ts';
import { generatedFiles } from './generate.ts';
import { readFolder } from './read-folder.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = factsFolder(root);

describe('generated files', () => {
  test('are up to date', ({ skip }) => {
    if (folder === undefined)
      return skip('no kept answers of a kube-apiserver: set FLOTILLA_SHARED or put them in ../shared');
    for (const [path, content] of generatedFiles(readFolder(folder)))
      expect(readFileSync(join(root, path), 'utf8') === content, `${path} is out of date: npm run generate`).toBe(true);
  });
});
