/** The documents followed with our own command line: nobody needs kubectl. */
import { describe } from 'vitest';
import { flotillaCommand } from '#harness/program.ts';
import { beyond } from './beyond.ts';
import { documents } from './documents.ts';
import { followCase } from './follow.ts';

describe('with bin/flotilla', () => {
  for (const each of [...documents, ...beyond]) followCase({ program: flotillaCommand }, each);
});
