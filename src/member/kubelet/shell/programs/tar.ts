/** `tar` as `kubectl cp` and people use it: archives written to stdout or a file, and unpacked from there. */
import { FileError, resolvePath, type TreeNode } from '../../container/files.ts';
import { type Call, type Program, ProgramError, readAll } from '../process.ts';
import { readTar, TarError, tarEnd, tarEntry } from '../tar-format.ts';

interface TarOptions {
  readonly mode: 'c' | 'x' | 't';
  readonly archive: string;
  readonly folder: string;
  readonly gzip: boolean;
  readonly verbose: boolean;
  readonly operands: readonly string[];
}

const known = 'cxtzvfmpokhPC';
const mostUnpacked = 32 * 1024 * 1024;

/** The first word may leave its dash out. Throws ProgramError. */
function optionsOf({ args, cwd }: Call): TarOptions {
  const words = args[0]?.startsWith('-') ? [...args] : [`-${args[0] ?? ''}`, ...args.slice(1)];
  const flags = new Set<string>();
  const operands: string[] = [];
  let [archive, folder] = ['-', cwd];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word.startsWith('--')) continue;
    if (!word.startsWith('-') || word === '-') {
      operands.push(word);
      continue;
    }
    for (const flag of word.slice(1)) {
      if (!known.includes(flag)) throw new ProgramError(`unrecognized option: ${flag}`);
      flags.add(flag);
      if (flag === 'f') archive = words.shift() ?? '-';
      if (flag === 'C') folder = resolvePath(cwd, words.shift() ?? '.');
    }
  }
  const mode = (['c', 'x', 't'] as const).find((each) => flags.has(each));
  if (!mode) throw new ProgramError('must specify one of -c, -x or -t');
  return { mode, archive, folder, gzip: flags.has('z') || /\.t?gz$/.test(archive), verbose: flags.has('v'), operands };
}

const tar: Program = async (call) => {
  const options = optionsOf(call);
  try {
    return options.mode === 'c' ? await pack(call, options) : await unpack(call, options);
  } catch (error) {
    if (!(error instanceof TarError)) throw error;
    throw new ProgramError(error.message);
  }
};

async function pack(call: Call, { archive, folder, gzip, verbose, operands }: TarOptions): Promise<number> {
  if (operands.length === 0) throw new ProgramError('empty archive');
  const { files } = call.machine;
  const kept: Buffer[] = [];
  const write = async (bytes: Buffer) => {
    if (archive === '-' && !gzip) await call.stdout(bytes);
    else kept.push(bytes);
  };
  let code = 0;
  const add = async (name: string, path: string): Promise<void> => {
    const node = files.find(path);
    if (!node) {
      await call.stderr(`tar: ${name}: No such file or directory\n`);
      code = 1;
      return;
    }
    await write(tarEntry(entryOf(name, node)));
    if (verbose) await call.stderr(`${name}\n`);
    if (node.kind === 'folder')
      for (const child of [...node.children.keys()].sort())
        await add(`${name.replace(/\/+$/, '')}/${child}`, resolvePath(path, child));
  };
  for (const operand of operands) {
    if (operand.startsWith('/')) await call.stderr("tar: removing leading '/' from member names\n");
    await add(operand, resolvePath(folder, operand));
  }
  await write(tarEnd);
  if (kept.length === 0) return code;
  const whole = gzip ? await call.machine.gzip(Buffer.concat(kept)) : Buffer.concat(kept);
  if (archive === '-') await call.stdout(whole);
  else files.write(resolvePath(call.cwd, archive), whole);
  return code;
}

function entryOf(name: string, node: TreeNode) {
  const inside = name.replace(/^\/+/, '') || '.';
  return {
    name: node.kind === 'folder' ? `${inside.replace(/\/+$/, '')}/` : inside,
    kind: node.kind,
    mode: node.mode,
    modified: node.modified / 1_000,
    bytes: node.kind === 'file' ? node.bytes : Buffer.alloc(0),
  };
}

async function* pieces(bytes: Buffer): AsyncIterable<Uint8Array> {
  yield bytes;
}

async function unpack(call: Call, { mode, archive, folder, gzip, verbose, operands }: TarOptions): Promise<number> {
  const { files } = call.machine;
  const raw = archive === '-' ? call.stdin : pieces(files.read(resolvePath(call.cwd, archive)));
  const input = gzip ? pieces(await call.machine.gunzip(await readAll(raw), mostUnpacked)) : raw;
  if (files.find(folder)?.kind !== 'folder')
    throw new ProgramError(`can't change directory to '${folder}': No such file or directory`);
  let code = 0;
  for await (const { name, kind, bytes, mode: bits } of readTar(input)) {
    if (operands.length > 0 && !operands.some((each) => name === each || name.startsWith(`${each}/`))) continue;
    if (mode === 't') {
      await call.stdout(`${name}\n`);
      continue;
    }
    // Whatever the archive says, it stays beneath the folder.
    const path = resolvePath(folder, resolvePath('/', name).slice(1));
    if (verbose) await call.stdout(`${name}\n`);
    try {
      if (kind === 'folder') files.makeFolder(path, true);
      else if (kind === 'file') {
        const above = path.slice(0, path.lastIndexOf('/')) || '/';
        if (!files.find(above)) files.makeFolder(above, true);
        files.write(path, bytes, { mode: bits });
      }
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      await call.stderr(`tar: can't open '${name}': ${error.message}\n`);
      code = 1;
    }
  }
  return code;
}

/** What is already packed, and back. */
const gzip: Program = async (call) => {
  const unzips = call.name === 'gunzip' || call.name === 'zcat' || call.args.some((each) => /^-[a-z]*d/.test(each));
  const bytes = await readAll(call.stdin);
  await call.stdout(unzips ? await call.machine.gunzip(bytes, mostUnpacked) : await call.machine.gzip(bytes));
  return 0;
};

export const archivePrograms: Readonly<Record<string, Program>> = { gunzip: gzip, gzip, tar, zcat: gzip };
