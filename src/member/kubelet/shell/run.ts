/** Programs found by their names and run. */
import { FileError, resolvePath } from '../container/files.ts';
import {
  BrokenPipe,
  type Call,
  type Machine,
  type Program,
  ProgramError,
  type Streams,
  type Write,
} from './process.ts';

export interface ShellOptions {
  readonly machine: Machine;
  readonly programs: ReadonlyMap<string, Program>;
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** `$0`, `$1`, … */
  readonly args: readonly string[];
  readonly terminal?: Call['terminal'];
}

export interface RunOptions extends Omit<ShellOptions, 'args'> {
  readonly streams: Streams;
}

/** A program by its name or path. 127: there is none, and it has been told as a shell does. */
export async function runProgram(words: readonly string[], options: RunOptions): Promise<number> {
  const { programs, streams, env, cwd, machine, signal, terminal } = options;
  const [name = '', ...args] = words;
  const program = programOf(name, options);
  if (typeof program === 'string') {
    await streams.stderr(`sh: ${name}: ${program}\n`);
    return program === 'not found' ? 127 : 126;
  }
  const short = name.slice(name.lastIndexOf('/') + 1);
  const call: Call = {
    ...streams,
    stdout: breathing(streams.stdout, machine, signal),
    args,
    name: short,
    env,
    cwd,
    machine,
    signal,
    ...(terminal ? { terminal } : {}),
    run: (inner, more = env) => runProgram(inner, { ...options, programs, env: more }),
  };
  try {
    return await program(call);
  } catch (error) {
    if (error instanceof BrokenPipe) return 141;
    if (!(error instanceof ProgramError || error instanceof FileError)) throw error;
    await streams.stderr(`${short}: ${error.message}\n`);
    return error instanceof ProgramError ? error.code : 1;
  }
}

/** Writes of one program after which others have their turn. */
const writesBeforeBreath = 64;

/** Whoever writes without end does so slowly, and not beyond the end of who asked for it. */
function breathing(write: Write, { clock }: Machine, signal: AbortSignal): Write {
  let writes = 0;
  return async (bytes) => {
    if (signal.aborted) throw new BrokenPipe();
    if (++writes % writesBeforeBreath === 0) await new Promise<void>((resolve) => clock.soon(resolve));
    await write(bytes);
  };
}

/** Why not, where it cannot be run. Scripts that were written into the container can. */
export function programOf(
  name: string,
  { programs, machine, cwd }: Pick<ShellOptions, 'programs' | 'machine' | 'cwd'>,
): Program | 'not found' | 'Permission denied' {
  if (!name.includes('/')) return programs.get(name) ?? 'not found';
  const path = resolvePath(cwd, name);
  const node = machine.files.find(path);
  if (!node) return 'not found';
  if (node.kind === 'folder' || (node.mode & 0o111) === 0) return 'Permission denied';
  const builtIn = /^\/(usr\/)?s?bin\//.test(path) ? programs.get(path.slice(path.lastIndexOf('/') + 1)) : undefined;
  const shell = programs.get('sh')!;
  return builtIn ?? ((call) => shell({ ...call, name: 'sh', args: [path, ...call.args] }));
}
