/** A command run in a container for whoever is connected to it. */
import type { ProcessStreams } from '#kube/connect/nodes.ts';
import { BrokenPipe, nothing, type Streams, type Write } from '../shell/process.ts';
import { programs } from '../shell/programs/programs.ts';
import { programOf, runProgram } from '../shell/run.ts';
import { OpenTerminal } from '../shell/terminal.ts';
import type { RunningContainer } from './containers.ts';

const writer =
  (output: ProcessStreams['stdout']): Write =>
  async (bytes) => {
    if (output && !(await output(typeof bytes === 'string' ? Buffer.from(bytes) : bytes))) throw new BrokenPipe();
  };

/** Answers the exit code. Throws for a program that is not there, in a container runtime's words. */
export async function runInContainer(
  { machine, env, cwd }: RunningContainer,
  words: readonly string[],
  streams: ProcessStreams,
): Promise<number> {
  const [name = ''] = words;
  // What the process leaves running ends with it.
  const life = new AbortController();
  const { signal } = life;
  const end = () => life.abort();
  streams.signal.addEventListener('abort', end, { once: true });
  if (streams.signal.aborted) end();
  const terminal = streams.tty ? new OpenTerminal(streams) : undefined;
  const options = {
    machine,
    programs,
    env: terminal ? new Map([...env, ['TERM', 'xterm']]) : env,
    cwd,
    signal,
    ...(terminal ? { terminal } : {}),
  };
  const program = programOf(name, options);
  if (typeof program === 'string') {
    const why = program === 'not found' ? missing(name) : `exec: ${JSON.stringify(name)}: permission denied`;
    throw new Error(
      `failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: ${why}: unknown`,
    );
  }
  const plain: Streams = {
    stdin: streams.stdin ?? nothing(),
    stdout: writer(streams.stdout),
    stderr: writer(streams.stderr),
  };
  const work = (stopped: AbortSignal) =>
    runProgram(words, { ...options, signal: stopped, streams: terminal?.streams ?? plain });
  const shell = /(^|\/)(ba|a)?sh$/.test(name);
  // A shell at a terminal interrupts what it runs, and stays.
  const running = terminal && !shell ? terminal.foreground(work) : work(signal);
  try {
    return await Promise.race([running, gone(streams.signal)]);
  } finally {
    streams.signal.removeEventListener('abort', end);
    end();
  }
}

const missing = (name: string) =>
  name.includes('/')
    ? `exec: ${JSON.stringify(name)}: stat ${name}: no such file or directory`
    : `exec: ${JSON.stringify(name)}: executable file not found in $PATH`;

/** As a process ends whose caller has gone. */
const gone = (signal: AbortSignal): Promise<number> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(137);
    else signal.addEventListener('abort', () => resolve(137), { once: true });
  });
