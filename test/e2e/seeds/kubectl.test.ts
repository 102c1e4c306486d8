/** The documents followed with a real kubectl. */
import { describe } from 'vitest';
import { runShell } from '#harness/command.ts';
import { beyond } from './beyond.ts';
import { documents } from './documents.ts';
import { followCase } from './follow.ts';

const found = (await runShell('command -v kubectl')).code === 0;

describe('with kubectl', () => {
  const driver = { program: 'kubectl', ...(found ? {} : { missing: 'kubectl is not on PATH' }) };
  for (const each of [...documents, ...beyond]) followCase(driver, each);
});
