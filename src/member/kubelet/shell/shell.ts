/** A shell at work: one script after the other, with its variables, its directory and its programs. */
import { byteQueue } from '#kube/connect/queue.ts';
import { FileError, resolvePath } from '../container/files.ts';
import { builtins, Exit, LoopControl } from './builtins.ts';
import { type Expansion, expandText, expandWord } from './expand.ts';
import { parse } from './parse.ts';
import { BrokenPipe, nothing, type Streams } from './process.ts';
import { runProgram, type ShellOptions } from './run.ts';
import { type Command, type List, type Pipeline, type Redirection, ShellSyntaxError, type Word } from './tree.ts';

/** What a shell knows; a subshell has a copy of it. */
export interface ShellState {
  readonly variables: Map<string, string>;
  readonly exported: Set<string>;
  cwd: string;
  args: readonly string[];
  code: number;
}

/** Turns of loops and programs run by one script: a script that never ends does so slowly. */
const turnsBeforeBreath = 200;
/** `$(…)` within `$(…)`. */
const mostDepth = 20;
/** Commands that one shell leaves running. */
const mostBackground = 20;
/** Printed by a command in its place. */
const mostOutput = 1024 * 1024;

export interface Shell {
  /** Answers the exit code of the last command. */
  readonly run: (script: string, streams: Streams) => Promise<number>;
  /** The same, and whether the script has ended the shell. */
  readonly step: (script: string, streams: Streams) => Promise<{ readonly over: boolean }>;
  readonly state: ShellState;
  readonly options: ShellOptions;
}

export function createShell(options: ShellOptions, inherited?: ShellState, depth = 0): Shell {
  const state: ShellState = inherited ?? {
    variables: new Map(options.env),
    exported: new Set(options.env.keys()),
    cwd: options.cwd,
    args: options.args,
    code: 0,
  };
  const executor = new Executor(options, state, depth);
  const step: Shell['step'] = async (script, streams) => {
    try {
      await executor.list(parse(script), streams);
    } catch (error) {
      if (error instanceof Exit) state.code = error.code;
      else if (error instanceof ShellSyntaxError) {
        await streams.stderr(`sh: ${error.message}\n`);
        state.code = 2;
      } else if (!(error instanceof LoopControl)) throw error;
      return { over: error instanceof Exit };
    }
    return { over: false };
  };
  return {
    state,
    options,
    step,
    run: async (script, streams) => {
      await step(script, streams);
      return state.code;
    },
  };
}

class Executor {
  readonly #options: ShellOptions;
  readonly #state: ShellState;
  readonly #depth: number;
  #turns = 0;
  #background = 0;

  constructor(options: ShellOptions, state: ShellState, depth: number) {
    if (depth > mostDepth) throw new ShellSyntaxError('nested too deeply');
    this.#options = options;
    this.#state = state;
    this.#depth = depth;
  }

  async list(list: List, streams: Streams): Promise<void> {
    for (const { pipeline, when, background } of list) {
      if (when === 'success' && this.#state.code !== 0) continue;
      if (when === 'failure' && this.#state.code === 0) continue;
      await this.#breathe();
      if (background) this.#inBackground(pipeline, streams);
      else await this.#pipeline(pipeline, streams);
    }
  }

  #inBackground(pipeline: Pipeline, streams: Streams): void {
    if (this.#background >= mostBackground) throw new ShellSyntaxError("can't fork: Resource temporarily unavailable");
    this.#background++;
    const done = () => {
      this.#background--;
    };
    this.#subshell()
      .#pipeline(pipeline, { ...streams, stdin: nothing() })
      .then(done, done);
    this.#state.code = 0;
  }

  /** Lets others have their turn, and ends when the caller has gone. */
  async #breathe(): Promise<void> {
    if (this.#options.signal.aborted) throw new Exit(137);
    if (++this.#turns % turnsBeforeBreath !== 0) return;
    await new Promise<void>((resolve) => this.#options.machine.clock.soon(resolve));
  }

  #subshell(): Executor {
    const { variables, exported, ...rest } = this.#state;
    const copy = { ...rest, variables: new Map(variables), exported: new Set(exported) };
    return new Executor(this.#options, copy, this.#depth + 1);
  }

  async #pipeline({ negated, commands }: Pipeline, streams: Streams): Promise<void> {
    if (commands.length === 1) await this.#command(commands[0]!, streams);
    else this.#state.code = await this.#piped(commands, streams);
    if (negated) this.#state.code = this.#state.code === 0 ? 1 : 0;
  }

  /** All at once, each in a shell of its own; the last one's code counts. */
  async #piped(commands: readonly Command[], { stdin, stdout, stderr }: Streams): Promise<number> {
    let input = stdin;
    const running = commands.map(async (command, i) => {
      const last = i === commands.length - 1;
      const pipe = byteQueue();
      const own: Streams = {
        stdin: input,
        stderr,
        stdout: last
          ? stdout
          : async (bytes) => {
              if (!(await pipe.push(typeof bytes === 'string' ? Buffer.from(bytes) : bytes))) throw new BrokenPipe();
            },
      };
      const read = input;
      input = pipe;
      try {
        return await this.#subshell().#alone(command, own);
      } finally {
        pipe.end();
        if (i > 0) await read[Symbol.asyncIterator]().return?.();
      }
    });
    const codes = await Promise.all(running);
    return codes.at(-1)!;
  }

  async #alone(command: Command, streams: Streams): Promise<number> {
    try {
      await this.#command(command, streams);
      return this.#state.code;
    } catch (error) {
      if (error instanceof Exit) return error.code;
      if (error instanceof BrokenPipe) return 141;
      throw error;
    }
  }

  async #command(command: Command, streams: Streams): Promise<void> {
    const redirected = await this.#redirect(command.redirections, streams);
    if (!redirected) return;
    switch (command.kind) {
      case 'simple':
        return this.#simple(command, redirected);
      case 'group':
        if (!command.subshell) return this.list(command.body, redirected);
        this.#state.code = await this.#subshell().#inside(command.body, redirected);
        return;
      case 'if':
        for (const { condition, body } of command.branches) {
          await this.list(condition, redirected);
          if (this.#state.code === 0) return this.list(body, redirected);
        }
        this.#state.code = 0;
        return command.otherwise && this.list(command.otherwise, redirected);
      case 'while':
        return this.#while(command, redirected);
      case 'for':
        return this.#for(command, redirected);
    }
  }

  async #inside(body: List, streams: Streams): Promise<number> {
    try {
      await this.list(body, streams);
    } catch (error) {
      if (!(error instanceof Exit)) throw error;
      return error.code;
    }
    return this.#state.code;
  }

  async #while({ condition, body, until }: Extract<Command, { kind: 'while' }>, streams: Streams): Promise<void> {
    let code = 0;
    for (;;) {
      await this.#breathe();
      await this.list(condition, streams);
      if ((this.#state.code === 0) === until) break;
      if (!(await this.#turn(body, streams))) break;
      code = this.#state.code;
    }
    this.#state.code = code;
  }

  async #for({ name, words, body }: Extract<Command, { kind: 'for' }>, streams: Streams): Promise<void> {
    const values = words ? await this.#words(words, streams) : this.#state.args.slice(1);
    this.#state.code = 0;
    for (const value of values) {
      this.#state.variables.set(name, value);
      if (!(await this.#turn(body, streams))) break;
    }
  }

  /** False: the loop is over. */
  async #turn(body: List, streams: Streams): Promise<boolean> {
    try {
      await this.list(body, streams);
      return true;
    } catch (error) {
      if (!(error instanceof LoopControl)) throw error;
      if (error.levels > 1) throw new LoopControl(error.kind, error.levels - 1);
      return error.kind === 'continue';
    }
  }

  #expansion(streams: Streams): Expansion {
    const { variables, args } = this.#state;
    return {
      variable: (name) => {
        if (name === '?') return String(this.#state.code);
        if (name === '$') return '1';
        if (name === '#') return String(Math.max(0, args.length - 1));
        return /^\d$/.test(name) ? args[Number(name)] : variables.get(name);
      },
      assign: (name, value) => void variables.set(name, value),
      positional: () => args.slice(1),
      output: (script) => this.#output(script, streams),
      files: this.#options.machine.files,
      cwd: () => this.#state.cwd,
    };
  }

  async #output(script: string, streams: Streams): Promise<string> {
    const pieces: Buffer[] = [];
    let size = 0;
    const stdout = async (bytes: Uint8Array | string) => {
      const piece = Buffer.from(bytes as Uint8Array);
      size += piece.byteLength;
      if (size > mostOutput) throw new BrokenPipe();
      pieces.push(piece);
    };
    const inner = this.#subshell();
    this.#state.code = await inner.#inside(parse(script), { ...streams, stdin: nothing(), stdout });
    return Buffer.concat(pieces).toString('utf8');
  }

  async #words(words: readonly Word[], streams: Streams): Promise<readonly string[]> {
    const expanded: string[] = [];
    for (const word of words) expanded.push(...(await expandWord(word, this.#expansion(streams))));
    return expanded;
  }

  /** Undefined, and told, when a file cannot be had. */
  async #redirect(redirections: readonly Redirection[], streams: Streams): Promise<Streams | undefined> {
    let current = streams;
    for (const { descriptor, kind, target } of redirections) {
      const text = await expandText(target, this.#expansion(streams));
      if (kind === 'duplicate') {
        const source = text === '2' ? current.stderr : current.stdout;
        current = descriptor === 2 ? { ...current, stderr: source } : { ...current, stdout: source };
        continue;
      }
      const path = resolvePath(this.#state.cwd, text);
      const { files } = this.#options.machine;
      try {
        if (kind === 'read') {
          const content = path === '/dev/null' ? Buffer.alloc(0) : files.read(path);
          current = { ...current, stdin: once(content) };
          continue;
        }
        if (kind === 'write' || !files.find(path)) files.write(path, Buffer.alloc(0));
        const write = async (bytes: Uint8Array | string) =>
          files.write(path, Buffer.from(bytes as Uint8Array), { append: true });
        current = descriptor === 2 ? { ...current, stderr: write } : { ...current, stdout: write };
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        await streams.stderr(`sh: can't ${kind === 'read' ? 'open' : 'create'} ${text}: ${error.message}\n`);
        this.#state.code = 1;
        return undefined;
      }
    }
    return current;
  }

  async #simple({ assignments, words }: Extract<Command, { kind: 'simple' }>, streams: Streams): Promise<void> {
    const expanded = await this.#words(words, streams);
    const assigned: [string, string][] = [];
    for (const { name, value } of assignments) assigned.push([name, await expandText(value, this.#expansion(streams))]);
    const [name, ...args] = expanded;
    if (name === undefined) {
      for (const [variable, value] of assigned) this.#state.variables.set(variable, value);
      // The code of a command in an assignment's value counts.
      if (!assignments.some(({ value }) => value.some(({ kind }) => kind === 'command'))) this.#state.code = 0;
      return;
    }
    const builtin = builtins[name];
    if (builtin) {
      this.#state.code = await builtin(args, streams, this.#state, {
        files: this.#options.machine.files,
        run: (script) => this.list(parse(script), streams),
        has: (program) => this.#options.programs.has(program),
      });
      return;
    }
    this.#state.code = await this.#program(expanded, new Map(assigned), streams);
  }

  #environment(more: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
    const { variables, exported } = this.#state;
    const own = [...exported].flatMap((name) => {
      const value = variables.get(name);
      return value === undefined ? [] : [[name, value] as const];
    });
    return new Map([...own, ...more]);
  }

  #program(words: readonly string[], more: ReadonlyMap<string, string>, streams: Streams): Promise<number> {
    return runProgram(words, {
      ...this.#options,
      cwd: this.#state.cwd,
      env: this.#environment(more),
      streams,
    });
  }
}

async function* once(bytes: Buffer): AsyncIterable<Uint8Array> {
  if (bytes.byteLength > 0) yield bytes;
}
