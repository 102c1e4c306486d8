/** Commands as a person types them, run to their end; none outlives the test file that started it. */
import { type SpawnOptions, spawn } from 'node:child_process';

export interface Finished {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

export interface CommandOptions {
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  /** Milliseconds until it is killed and counts as failed. */
  readonly patience?: number;
}

export interface StartedCommand {
  readonly pid: number;
  readonly ended: Promise<Finished>;
  /** What it has written so far. */
  readonly output: () => string;
  readonly errors: () => string;
  /** Sends a signal to it and to everything it started. */
  readonly signal: (signal: NodeJS.Signals) => void;
}

const patienceMs = 60_000;
const alive = new Set<number>();

// A worker that ends in the middle of a test takes its children with it.
process.on('exit', () => {
  for (const pid of alive) signalGroup(pid, 'SIGKILL');
});

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Gone already.
  }
}

/** Starts a program in a process group of its own. */
export function start(program: string, args: readonly string[], options: CommandOptions = {}): StartedCommand {
  const { folder, environment, input, patience } = options;
  const settings: SpawnOptions = {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...environment } as NodeJS.ProcessEnv,
    ...(folder ? { cwd: folder } : {}),
  };
  const child = spawn(program, args, settings);
  const { pid } = child;
  if (pid !== undefined) alive.add(pid);
  let [output, errors] = ['', ''];
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  child.stdin!.on('error', () => {});
  child.stdin!.end(input ?? '');
  const timer = patience === undefined ? undefined : setTimeout(() => signalGroup(pid!, 'SIGKILL'), patience);
  const ended = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      if (pid !== undefined) alive.delete(pid);
      resolve({ code: code ?? 137, output, errors });
    });
  });
  ended.catch(() => {});
  return {
    pid: pid ?? 0,
    ended,
    output: () => output,
    errors: () => errors,
    signal: (signal) => {
      if (pid !== undefined) signalGroup(pid, signal);
    },
  };
}

/** A line for the shell, with pipes and quotes as a document prints it. */
export const runShell = (line: string, options: CommandOptions = {}): Promise<Finished> =>
  start('bash', ['-o', 'pipefail', '-c', line], { patience: patienceMs, ...options }).ended;

export const runProgram = (program: string, args: readonly string[], options: CommandOptions = {}): Promise<Finished> =>
  start(program, args, { patience: patienceMs, ...options }).ended;
