/** What a shell does itself, for it changes the shell: directories, variables, and where a script goes on. */
import { FileError, type FileTree, resolvePath } from '../container/files.ts';
import type { Streams } from './process.ts';
import type { ShellState } from './shell.ts';

/** The shell ends here. */
export class Exit extends Error {
  override readonly name = 'Exit';
  readonly code: number;

  constructor(code: number) {
    super();
    this.code = code;
  }
}

/** A loop ends, or goes on with its next turn. */
export class LoopControl extends Error {
  override readonly name = 'LoopControl';
  readonly kind: 'break' | 'continue';
  readonly levels: number;

  constructor(kind: LoopControl['kind'], levels: number) {
    super();
    this.kind = kind;
    this.levels = levels;
  }
}

interface Around {
  readonly files: FileTree;
  readonly run: (script: string) => Promise<void>;
  readonly has: (program: string) => boolean;
}

type Builtin = (args: readonly string[], streams: Streams, state: ShellState, around: Around) => Promise<number>;

const codeOf = (text: string | undefined, state: ShellState) => (text === undefined ? state.code : Number(text) & 0xff);

const loop =
  (kind: LoopControl['kind']): Builtin =>
  async ([levels = '1']) => {
    throw new LoopControl(kind, Math.max(1, Number(levels) || 1));
  };

const cd: Builtin = async ([target], { stderr }, state, { files }) => {
  const wanted = target === '-' ? state.variables.get('OLDPWD') : (target ?? state.variables.get('HOME'));
  const path = resolvePath(state.cwd, wanted ?? '/');
  const node = files.find(path);
  if (node?.kind !== 'folder') {
    await stderr(`sh: cd: can't cd to ${target}: ${node ? 'Not a directory' : 'No such file or directory'}\n`);
    return 2;
  }
  state.variables.set('OLDPWD', state.cwd);
  state.variables.set('PWD', path);
  state.cwd = path;
  return 0;
};

const exportNames: Builtin = async (args, { stdout }, state) => {
  for (const argument of args.filter((each) => each !== '-p')) {
    const [name = '', ...value] = argument.split('=');
    if (value.length > 0) state.variables.set(name, value.join('='));
    state.exported.add(name);
  }
  if (args.every((each) => each === '-p'))
    for (const name of [...state.exported].sort())
      await stdout(`export ${name}='${state.variables.get(name) ?? ''}'\n`);
  return 0;
};

const read: Builtin = async (args, { stdin }, state) => {
  const names = args.filter((each) => !each.startsWith('-'));
  const line = await readLine(stdin);
  if (line === undefined) return 1;
  const words = line.trim().split(/\s+/);
  names.forEach((name, i) => {
    state.variables.set(name, i === names.length - 1 ? words.slice(i).join(' ') : (words[i] ?? ''));
  });
  return 0;
};

/** What of a stream was read beyond a line, for whoever reads it next. */
const leftOver = new WeakMap<AsyncIterable<Uint8Array>, Buffer>();

async function readLine(stdin: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  let kept: Buffer = leftOver.get(stdin) ?? Buffer.alloc(0);
  const iterator = stdin[Symbol.asyncIterator]();
  while (!kept.includes(0x0a)) {
    const { done, value } = await iterator.next();
    if (done) {
      leftOver.delete(stdin);
      return kept.byteLength > 0 ? kept.toString('utf8') : undefined;
    }
    kept = Buffer.concat([kept, value]);
  }
  const end = kept.indexOf(0x0a);
  leftOver.set(stdin, kept.subarray(end + 1));
  return kept.subarray(0, end).toString('utf8');
}

export const builtins: Readonly<Record<string, Builtin>> = Object.assign(Object.create(null), {
  ':': async () => 0,
  '.': async ([path = ''], { stderr }, state, { files, run }) => {
    try {
      await run(files.read(resolvePath(state.cwd, path)).toString('utf8'));
      return state.code;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      await stderr(`sh: .: can't open '${path}': ${error.message}\n`);
      return 2;
    }
  },
  break: loop('break'),
  continue: loop('continue'),
  cd,
  command: async ([option, ...names], { stdout }, _state, { has }) => {
    if (option !== '-v') return 127;
    let code = 0;
    for (const name of names) {
      if (name in builtins) await stdout(`${name}\n`);
      else if (has(name)) await stdout(`/bin/${name}\n`);
      else code = 127;
    }
    return code;
  },
  eval: async (args, _streams, state, { run }) => {
    await run(args.join(' '));
    return state.code;
  },
  exit: async ([code], _streams, state) => {
    throw new Exit(codeOf(code, state));
  },
  return: async ([code], _streams, state) => {
    throw new Exit(codeOf(code, state));
  },
  export: exportNames,
  read,
  set: async () => 0,
  shift: async ([count = '1'], _streams, state) => {
    const [zero = 'sh', ...rest] = state.args;
    state.args = [zero, ...rest.slice(Number(count) || 1)];
    return 0;
  },
  trap: async () => 0,
  umask: async () => 0,
  unset: async (names, _streams, state) => {
    for (const name of names) {
      state.variables.delete(name);
      state.exported.delete(name);
    }
    return 0;
  },
  wait: async () => 0,
} satisfies Readonly<Record<string, Builtin>>);
