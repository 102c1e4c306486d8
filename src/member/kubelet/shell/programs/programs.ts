/** Every program a simulated container has. */
import type { Program } from '../process.ts';
import { shellProgram } from '../shell-program.ts';
import { filePrograms } from './files.ts';
import { networkPrograms } from './network.ts';
import { systemPrograms } from './system.ts';
import { archivePrograms } from './tar.ts';
import { textPrograms } from './text.ts';

export const programs: ReadonlyMap<string, Program> = withShell(
  new Map(
    Object.entries({ ...archivePrograms, ...filePrograms, ...networkPrograms, ...systemPrograms, ...textPrograms }),
  ),
);

function withShell(table: Map<string, Program>): ReadonlyMap<string, Program> {
  const shell = shellProgram(table);
  for (const name of ['ash', 'bash', 'sh']) table.set(name, shell);
  return table;
}
