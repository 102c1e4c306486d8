/** The program under test: this clone's sources, run by the Node that runs the tests. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

export interface Program {
  readonly node: string;
  /** The arguments before its own. */
  readonly script: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

export const flotilla = (): Program => ({
  node: process.execPath,
  script: [join(root, 'test', 'e2e', 'up.main.ts')],
  // Six hundred sources take a second to read; their compiled form is kept from one process to the next.
  environment: { NODE_COMPILE_CACHE: join(tmpdir(), 'flotilla-compile-cache') },
});
