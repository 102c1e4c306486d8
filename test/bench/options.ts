/** The flags every bench understands. */
import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** How many templates; each bench has a default. */
  readonly n: number | undefined;
  readonly runs: number | undefined;
  readonly members: number;
  /** The program to measure: a bundle's entry. Absent: dist/flotilla.js, built when it is out of date. */
  readonly program: string | undefined;
  /** Folder for CPU profiles of the timed part, one a run. */
  readonly profile: string | undefined;
  /** Where data directories are made; a real disk, or fsync costs nothing. */
  readonly folder: string | undefined;
  /** For the server's Node: `--trace-gc`, `--max-semi-space-size=32`, … */
  readonly nodeFlags: readonly string[];
  /** Shows what the server prints. */
  readonly verbose: boolean;
}

function whole(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number above 0, not ${text}`);
  return value;
}

/** The bench's name and its flags. */
export function parseOptions(args: readonly string[]): { readonly name: string; readonly options: BenchOptions } {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      n: { type: 'string' },
      runs: { type: 'string' },
      members: { type: 'string' },
      program: { type: 'string' },
      profile: { type: 'string' },
      folder: { type: 'string' },
      'node-flag': { type: 'string', multiple: true, default: [] },
      verbose: { type: 'boolean', default: false },
    },
  });
  const [name = '', ...more] = positionals;
  if (more.length > 0) throw new Error(`one bench at a time: ${positionals.join(' ')}`);
  const { program, profile, folder, verbose } = values;
  return {
    name,
    options: {
      n: whole('n', values.n),
      runs: whole('runs', values.runs),
      members: whole('members', values.members) ?? 2,
      program,
      profile,
      folder,
      nodeFlags: values['node-flag'],
      verbose,
    },
  };
}
