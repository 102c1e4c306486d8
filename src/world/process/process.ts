/** The process itself as a dependency: arguments, environment, terminal, signals, other processes. */
import { spawn } from 'node:child_process';
import { homedir, hostname } from 'node:os';
import { withoutControl } from './control-characters.ts';

export interface Terminal {
  /** To a terminal without what would steer it; elsewhere as it is. */
  readonly write: (text: string) => void;
  /** Moves up and clears, as written: for lines that are written over, never for what clusters say. */
  readonly steer: (sequence: string) => void;
  /** A person may be looking: colours and rewritten lines are welcome. */
  readonly interactive: boolean;
  readonly columns: number;
}

const terminal = (stream: NodeJS.WriteStream): Terminal => {
  // Whoever read it has gone (`| head`): nothing more is to be said, and that is no failure.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return writerTo(stream);
};

const writerTo = (stream: NodeJS.WriteStream): Terminal => ({
  write: (text) => {
    stream.write(stream.isTTY ? withoutControl(text) : text);
  },
  steer: (sequence) => {
    stream.write(sequence);
  },
  interactive: stream.isTTY === true,
  columns: stream.columns ?? 80,
});

export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

export const machine = {
  pid: process.pid,
  /** `linux/amd64`, as Go names it. */
  platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
  args: process.argv.slice(2),
  /** The script that runs. */
  entry: process.argv[1] ?? '',
  runtime: process.execPath,
  environment: process.env as Readonly<Record<string, string | undefined>>,
  workingDirectory: () => process.cwd(),
  home: () => homedir(),
  host: () => hostname(),
  memoryBytes: () => process.memoryUsage.rss(),
  output: terminal(process.stdout),
  errors: terminal(process.stderr),
  setExitCode: (code: number) => {
    process.exitCode = code;
  },
  /** Ends at once; what is written to a pipe is flushed by the caller. */
  exit: (code: number): never => process.exit(code),
};

/** Resolves with the first signal that asks for an end; a second one ends the process at once. */
export function stopRequested(): Promise<StopSignal> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(130);
        asked = true;
        resolve(signal);
      });
    }
  });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export function askToStop(pid: number): void {
  process.kill(pid, 'SIGTERM');
}

export interface Detached {
  readonly pid: number;
  /** The exit code, if it ends while we wait for it. */
  readonly ended: Promise<number>;
}

/** Runs this program again with other arguments, in a session of its own; its output goes to a file. */
export function runDetached(args: readonly string[], outputFile: number): Detached {
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, ...args], {
    detached: true,
    stdio: ['ignore', outputFile, outputFile],
  });
  const ended = new Promise<number>((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
  child.unref();
  return { pid: child.pid!, ended };
}

/** Text from standard input, to its end. */
export async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
