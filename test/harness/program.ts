/** The program under test: this clone's, built as its launcher builds it, run by the Node that runs the tests. */
import { join } from 'node:path';
import { runProgram } from './command.ts';

export const root = join(import.meta.dirname, '..', '..');

export interface Program {
  readonly node: string;
  readonly script: string;
}

let built: Promise<void> | undefined;

async function build(): Promise<void> {
  const { code, errors } = await runProgram(process.execPath, [join(root, 'tools', 'launch.mjs'), 'build']);
  if (code !== 0) throw new Error(errors);
}

export async function flotilla(): Promise<Program> {
  built ??= build();
  await built;
  return { node: process.execPath, script: join(root, 'dist', 'flotilla.js') };
}

/** As a person calls it: finds its Node and builds by itself. */
export const flotillaCommand = join(root, 'bin', 'flotilla');
