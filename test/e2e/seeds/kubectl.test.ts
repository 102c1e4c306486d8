/** The documents followed with a real kubectl. */
import { describe } from 'vitest';
import { runShell } from '#harness/command.ts';
import { beyond } from './beyond.ts';
import { documents } from './documents.ts';
import { followCase } from './follow.ts';

const found = (await runShell('command -v kubectl')).code === 0;

describe.skipIf(!found)('with kubectl', () => {
  for (const each of [...documents, ...beyond]) followCase({ program: 'kubectl' }, each);
});
