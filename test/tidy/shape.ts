/** Lengths, names, and the map of folders. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Node, place, root, type SourceFile, walk } from './sources.ts';

export const longestFile = 400;
export const longestFunction = 70;
export const mostExceptions = 15;

const bannedNames = /(^|\/)(utils?|common|helpers?|misc)(\/|\.[a-z.]+$|$)/;

export function bannedFileNames(files: readonly SourceFile[]): string[] {
  return files.filter((file) => bannedNames.test(file.path)).map((file) => `${file.path}: name it by its subject`);
}

export function longFiles(files: readonly SourceFile[]): string[] {
  return files
    .filter((file) => !file.generated && file.lines > longestFile)
    .map((file) => `${file.path} (${file.lines} lines)`);
}

const functionTypes = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/** Functions of src over the limit; test suites are lists of cases, not functions in this sense. */
export function longFunctions(files: readonly SourceFile[]): string[] {
  const found: string[] = [];
  for (const file of files) {
    if (file.generated || file.test) continue;
    for (const node of walk(file.program)) {
      if (!functionTypes.has(node.type)) continue;
      const lines = file.text.slice(node.start, node.end).split('\n').length;
      if (lines > longestFunction) found.push(`${place(file, node)} ${nameOfFunction(node)}(${lines} lines)`);
    }
  }
  return found;
}

const nameOfFunction = (node: Node): string => {
  const id = node.id as { name?: string } | null;
  return id?.name ? `${id.name} ` : '';
};

export interface Exceptions {
  readonly [path: string]: string;
}

/** `path: reason` lines of test/tidy.exceptions.yaml. */
export function readExceptions(): Exceptions {
  const text = readFileSync(join(root, 'test', 'tidy.exceptions.yaml'), 'utf8');
  return Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.startsWith('#'))
      .map((line) => {
        const colon = line.indexOf(': ');
        return [line.slice(0, colon).trim(), line.slice(colon + 2).trim()];
      }),
  );
}

/** Second-level folders of src must have one line `- \`src/room/part/\`: …` in ARCHITECTURE.md, and the other way round. */
export function folderMap(): string[] {
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  const described = [...text.matchAll(/^\s*- `(src\/[^`]+\/)`/gm)].map((match) => match[1]!);
  const folders = readdirSync(join(root, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((room) => {
      const parts = readdirSync(join(root, 'src', room.name), { withFileTypes: true }).filter((entry) =>
        entry.isDirectory(),
      );
      return [`src/${room.name}/`, ...parts.map((part) => `src/${room.name}/${part.name}/`)];
    });
  return [
    ...folders
      .filter((folder) => described.filter((each) => each === folder).length !== 1)
      .map((folder) => `${folder} needs exactly one line in ARCHITECTURE.md`),
    ...described
      .filter((folder) => !existsSync(join(root, folder)))
      .map((folder) => `ARCHITECTURE.md describes ${folder}, which is not there`),
  ];
}

/** Links in Markdown to files that are not there. */
export function deadLinks(): string[] {
  const pages = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter(
      (entry) =>
        entry.isFile() && entry.name.endsWith('.md') && !/node_modules|dist|\.flotilla|\.git\//.test(entry.parentPath),
    )
    .map((entry) => join(entry.parentPath, entry.name));
  return pages.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)]
      .map((match) => match[1]!)
      .filter((link) => !/^[a-z]+:/.test(link) && !existsSync(join(dirname(page), link)))
      .map((link) => `${page.slice(root.length + 1)}: ${link}`),
  );
}
