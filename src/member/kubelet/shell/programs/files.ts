/** Programs that look at files and change them. */
import { FileError, type FileNode, resolvePath, type TreeNode } from '../../container/files.ts';
import { readArguments } from '../arguments.ts';
import { globMatcher } from '../glob.ts';
import { type Call, type Program, ProgramError } from '../process.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const sizeOf = (node: TreeNode) => (node.kind === 'file' ? node.bytes.byteLength : 4_096);

function modeText({ kind, mode }: TreeNode): string {
  const bits = [6, 3, 0].map((shift) => {
    const part = (mode >> shift) & 7;
    return `${part & 4 ? 'r' : '-'}${part & 2 ? 'w' : '-'}${part & 1 ? 'x' : '-'}`;
  });
  return `${kind === 'folder' ? 'd' : '-'}${bits.join('')}`;
}

function longLine(name: string, node: TreeNode): string {
  const when = new Date(node.modified);
  const [day, time] = [String(when.getUTCDate()).padStart(2), when.toISOString().slice(11, 16)];
  const size = String(sizeOf(node)).padStart(9);
  return `${modeText(node)}    1 root     root     ${size} ${months[when.getUTCMonth()]} ${day} ${time} ${name}\n`;
}

const ls: Program = async (call) => {
  const { has, operands } = readArguments(call.args, 'la1AdhtrRFin');
  const { files } = call.machine;
  let code = 0;
  const show = async (name: string, node: TreeNode) => call.stdout(has('l') ? longLine(name, node) : `${name}\n`);
  for (const name of operands.length > 0 ? operands : ['.']) {
    const path = resolvePath(call.cwd, name);
    const node = files.find(path);
    if (!node) {
      await call.stderr(`ls: ${name}: No such file or directory\n`);
      code = 1;
    } else if (node.kind === 'file' || has('d')) await show(name, node);
    else {
      if (operands.length > 1) await call.stdout(`${name}:\n`);
      if (has('l')) await call.stdout(`total ${node.children.size * 4}\n`);
      if (has('a')) for (const each of ['.', '..']) await show(each, node);
      for (const [entry, child] of files.entries(path))
        if (has('a') || has('A') || !entry.startsWith('.')) await show(entry, child);
    }
  }
  return code;
};

const pwd: Program = async ({ cwd, stdout }) => {
  await stdout(`${cwd}\n`);
  return 0;
};

/** Each operand in turn; what fails is told, and the rest is done. */
async function eachPath(
  call: Call,
  operands: readonly string[],
  what: string,
  act: (path: string) => void,
): Promise<number> {
  let code = 0;
  for (const name of operands) {
    try {
      act(resolvePath(call.cwd, name));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      await call.stderr(`${call.name}: ${what} '${name}': ${error.message}\n`);
      code = 1;
    }
  }
  return code;
}

const mkdir: Program = async (call) => {
  const { has, operands } = readArguments(call.args, 'pv', 'm');
  return eachPath(call, operands, "can't create directory", (path) => call.machine.files.makeFolder(path, has('p')));
};

const rm: Program = async (call) => {
  const { has, operands } = readArguments(call.args, 'rfRv');
  const { files } = call.machine;
  return eachPath(call, operands, "can't remove", (path) => {
    if (has('f') && !files.find(path)) return;
    files.remove(path, has('r') || has('R'));
  });
};

const rmdir: Program = async (call) =>
  eachPath(call, call.args, "can't remove", (path) => {
    if (call.machine.files.entries(path).length > 0) throw new FileError('Directory not empty');
    call.machine.files.remove(path, true);
  });

const touch: Program = async (call) => {
  const { operands } = readArguments(call.args, 'acm', 'dr');
  return eachPath(call, operands, "can't touch", (path) => {
    if (call.machine.files.find(path)?.kind !== 'folder')
      call.machine.files.write(path, Buffer.alloc(0), { append: true });
  });
};

const chmod: Program = async (call) => {
  const [mode = '', ...operands] = call.args.filter((each) => each !== '-R');
  return eachPath(call, operands, "can't change", (path) => {
    const node = call.machine.files.find(path);
    if (!node) throw new FileError('No such file or directory');
    if (/^[0-7]{3,4}$/.test(mode)) node.mode = Number.parseInt(mode, 8);
    else if (/^[augo]*\+x$/.test(mode)) node.mode |= 0o111;
    else if (/^[augo]*-x$/.test(mode)) node.mode &= ~0o111;
  });
};

/** Where a copy goes: into a folder that is there, or to the name itself. */
const placeOf = (call: Call, from: string, to: string): string =>
  call.machine.files.find(to)?.kind === 'folder' ? resolvePath(to, from.slice(from.lastIndexOf('/') + 1)) : to;

function copy(call: Call, from: string, to: string, recursive: boolean): void {
  const { files } = call.machine;
  const node = files.find(from);
  if (!node) throw new FileError('No such file or directory');
  if (node.kind === 'file') {
    files.write(to, node.bytes, { mode: node.mode });
    return;
  }
  if (!recursive) throw new FileError('Is a directory');
  if (to === from || to.startsWith(`${from}/`)) throw new FileError('Invalid argument');
  if (!files.find(to)) files.makeFolder(to);
  for (const [name] of files.entries(from)) copy(call, resolvePath(from, name), resolvePath(to, name), true);
}

const cp: Program = async (call) => {
  const { has, operands } = readArguments(call.args, 'rRapfv');
  if (operands.length < 2) throw new ProgramError('missing file operand');
  const target = resolvePath(call.cwd, operands.at(-1)!);
  return eachPath(call, operands.slice(0, -1), "can't copy", (from) =>
    copy(call, from, placeOf(call, from, target), has('r') || has('R') || has('a')),
  );
};

const mv: Program = async (call) => {
  const { operands } = readArguments(call.args, 'fv');
  if (operands.length < 2) throw new ProgramError('missing file operand');
  const target = resolvePath(call.cwd, operands.at(-1)!);
  return eachPath(call, operands.slice(0, -1), "can't rename", (from) => {
    copy(call, from, placeOf(call, from, target), true);
    call.machine.files.remove(from, true);
  });
};

const find: Program = async (call) => {
  const mark = call.args.findIndex((each) => each.startsWith('-'));
  const [starts, tests]: readonly [readonly string[], readonly string[]] =
    mark < 0 ? [call.args, []] : [call.args.slice(0, mark), call.args.slice(mark)];
  const option = (name: string) => tests[tests.indexOf(name) + 1];
  const [type, glob] = [tests.includes('-type') ? option('-type') : '', tests.includes('-name') ? option('-name') : ''];
  const named = glob ? globMatcher(glob) : undefined;
  let code = 0;
  const walk = async (shown: string, path: string): Promise<void> => {
    const node = call.machine.files.find(path);
    if (!node) {
      await call.stderr(`find: ${shown}: No such file or directory\n`);
      code = 1;
      return;
    }
    const fits =
      (!type || (type === 'd') === (node.kind === 'folder')) &&
      (named?.(shown.slice(shown.lastIndexOf('/') + 1)) ?? true);
    if (fits) await call.stdout(`${shown}\n`);
    if (node.kind === 'folder')
      for (const name of [...node.children.keys()].sort())
        await walk(shown.endsWith('/') ? shown + name : `${shown}/${name}`, resolvePath(path, name));
  };
  for (const start of starts.length > 0 ? starts : ['.']) await walk(start, resolvePath(call.cwd, start));
  return code;
};

/** Whether an expression of `test` holds. Throws ProgramError for what is none. */
function holds(call: Call, words: readonly string[]): boolean {
  const node = (name: string | undefined) => call.machine.files.find(resolvePath(call.cwd, name ?? ''));
  const or = words.indexOf('-o');
  if (or > 0) return holds(call, words.slice(0, or)) || holds(call, words.slice(or + 1));
  const and = words.indexOf('-a');
  if (and > 0) return holds(call, words.slice(0, and)) && holds(call, words.slice(and + 1));
  if (words[0] === '!') return !holds(call, words.slice(1));
  const [first = '', second, third = ''] = words;
  if (words.length === 0) return false;
  if (words.length === 1) return first !== '';
  if (words.length === 3) return compared(first, second!, third);
  switch (first) {
    case '-n':
      return second !== '';
    case '-z':
      return second === '';
    case '-e':
      return node(second) !== undefined;
    case '-f':
      return node(second)?.kind === 'file';
    case '-d':
      return node(second)?.kind === 'folder';
    case '-s':
      return ((node(second) as FileNode | undefined)?.bytes?.byteLength ?? 0) > 0;
    case '-r':
    case '-w':
      return node(second) !== undefined;
    case '-x':
      return ((node(second)?.mode ?? 0) & 0o111) !== 0;
    case '-t':
      return call.terminal !== undefined;
    case '-h':
    case '-L':
      return false;
    default:
      throw new ProgramError(`${first}: unknown operand`, 2);
  }
}

function compared(left: string, operator: string, right: string): boolean {
  if (operator === '=' || operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  const numbers = [left, right].map((text) => {
    if (!/^\s*[+-]?\d+\s*$/.test(text)) throw new ProgramError(`${text}: bad number`, 2);
    return Number(text);
  });
  const order = numbers[0]! - numbers[1]!;
  const answers: Readonly<Record<string, boolean>> = {
    '-eq': order === 0,
    '-ne': order !== 0,
    '-lt': order < 0,
    '-le': order <= 0,
    '-gt': order > 0,
    '-ge': order >= 0,
  };
  const answer = answers[operator];
  if (answer === undefined) throw new ProgramError(`${operator}: unknown operand`, 2);
  return answer;
}

const test: Program = async (call) => {
  const bracket = call.name === '[';
  if (bracket && call.args.at(-1) !== ']') throw new ProgramError('missing ]', 2);
  return holds(call, bracket ? call.args.slice(0, -1) : call.args) ? 0 : 1;
};

const basename: Program = async ({ args: [path = '', suffix = ''], stdout }) => {
  const name = path.replace(/\/+$/, '').split('/').at(-1)!;
  await stdout(`${suffix !== '' && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name}\n`);
  return 0;
};

const dirname: Program = async ({ args: [path = ''], stdout }) => {
  const mark = path.replace(/\/+$/, '').lastIndexOf('/');
  await stdout(`${mark < 0 ? '.' : path.slice(0, mark) || '/'}\n`);
  return 0;
};

const stat: Program = async (call) => {
  const { value, operands } = readArguments(call.args, 'Lt', 'c');
  for (const name of operands) {
    const node = call.machine.files.find(resolvePath(call.cwd, name));
    if (!node) throw new ProgramError(`can't stat '${name}': No such file or directory`);
    const parts: Readonly<Record<string, string>> = {
      n: name,
      s: String(sizeOf(node)),
      a: (node.mode & 0o7777).toString(8),
      A: modeText(node),
      F: node.kind === 'folder' ? 'directory' : 'regular file',
      Y: String(Math.floor(node.modified / 1_000)),
      U: 'root',
      G: 'root',
    };
    const format = value('c') ?? '  File: %n\n  Size: %s\t%F\nAccess: (%a/%A)  Uid: (0/%U)   Gid: (0/%G)';
    await call.stdout(`${format.replace(/%(.)/g, (whole, letter: string) => parts[letter] ?? whole)}\n`);
  }
  return 0;
};

const df: Program = async ({ stdout }) => {
  await stdout('Filesystem           1K-blocks      Used Available Use% Mounted on\n');
  await stdout('overlay                  32768         0     32768   0% /\n');
  return 0;
};

export const filePrograms: Readonly<Record<string, Program>> = {
  '[': test,
  basename,
  chmod,
  chown: async () => 0,
  cp,
  df,
  dirname,
  find,
  ls,
  mkdir,
  mv,
  pwd,
  rm,
  rmdir,
  stat,
  test,
  touch,
};
