/** Time, chance, files and the network are reached through `src/world` only; a package through one file only. */
import { type Node, place, type SourceFile, walk } from './sources.ts';

/** node:* modules that compute and touch nothing. */
const pureModules = new Set([
  'node:buffer',
  'node:util',
  'node:path',
  'node:url',
  'node:assert',
  'node:string_decoder',
  'node:querystring',
  'node:events',
]);

const worldGlobals = new Set([
  'setTimeout',
  'setInterval',
  'setImmediate',
  'process',
  'performance',
  'fetch',
  'WebSocket',
  'console',
]);

/** `Date.parse` and `Date.UTC` read no clock. */
const pureDateMembers = new Set(['parse', 'UTC']);

function memberName(node: Node): string | undefined {
  return (node.property as { name?: string }).name;
}

function globalsUsed(file: SourceFile): string[] {
  const problems: string[] = [];
  for (const node of walk(file.program)) {
    if (node.type === 'MemberExpression') {
      const object = node.object as Node & { name?: string };
      const what = object.name === 'globalThis' ? memberName(node) : object.name;
      if (what === 'Math' && memberName(node) === 'random') problems.push(`${place(file, node)} uses Math.random`);
      if (what === 'Date' && !pureDateMembers.has(memberName(node) ?? ''))
        problems.push(`${place(file, node)} uses Date.${memberName(node)}`);
      if (what && worldGlobals.has(what)) problems.push(`${place(file, node)} uses ${what}`);
    } else if (node.type === 'NewExpression') {
      const callee = node.callee as Node & { name?: string };
      if (callee.name === 'Date' && (node.arguments as Node[]).length === 0)
        problems.push(`${place(file, node)} uses new Date()`);
    } else if (node.type === 'CallExpression') {
      const callee = node.callee as Node & { name?: string };
      if (callee.type === 'Identifier' && worldGlobals.has(callee.name ?? ''))
        problems.push(`${place(file, node)} uses ${callee.name}`);
    }
  }
  return problems;
}

export function worldViolations(files: readonly SourceFile[]): string[] {
  return files
    .filter((file) => file.path.startsWith('src/') && !file.path.startsWith('src/world/') && !file.test)
    .flatMap((file) => [
      ...file.imports
        .filter((edge) => edge.specifier.startsWith('node:') && !edge.typeOnly && !pureModules.has(edge.specifier))
        .map((edge) => `${file.path} imports ${edge.specifier}: only src/world touches the machine`),
      ...globalsUsed(file),
    ]);
}

export function packageViolations(files: readonly SourceFile[]): string[] {
  const importers = new Map<string, Set<string>>();
  for (const file of files) {
    if (!file.path.startsWith('src/') || file.test) continue;
    for (const edge of file.imports) {
      if (edge.file !== undefined || edge.specifier.startsWith('node:') || edge.typeOnly) continue;
      const name = edge.specifier
        .split('/')
        .slice(0, edge.specifier.startsWith('@') ? 2 : 1)
        .join('/');
      importers.set(name, (importers.get(name) ?? new Set()).add(file.path));
    }
  }
  return [...importers]
    .filter(([, paths]) => paths.size > 1)
    .map(([name, paths]) => `${name} is imported by ${[...paths].join(', ')}: one file only`);
}
