/** Every source file, parsed once: what the rules of the tidy test look at. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { parseAst } from 'rolldown/parseAst';

export const root = join(import.meta.dirname, '..', '..');

export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

export interface ImportEdge {
  /** As written: `#kube/meta/object.ts`, `./plan.ts`, `node:fs`, `lmdb`. */
  readonly specifier: string;
  /** Path from the root for our own files, undefined for packages and node modules. */
  readonly file: string | undefined;
  readonly typeOnly: boolean;
  /** `import(...)`: does not run at start, so it makes no cycle. */
  readonly lazy: boolean;
  /** Imported names; `*` for a namespace, a lazy import or `export *`. */
  readonly names: readonly string[];
}

export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  readonly test: boolean;
  readonly generated: boolean;
  readonly program: Node;
  readonly imports: readonly ImportEdge[];
  readonly exports: readonly string[];
}

const ownImports = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).imports as Record<string, string>;

function resolve(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return normalize(join(dirname(from), specifier));
  const alias = Object.keys(ownImports).find((key) => specifier.startsWith(key.slice(0, -1)));
  if (!alias) return undefined;
  return normalize(join(ownImports[alias]!.slice(0, -1), specifier.slice(alias.length - 1)));
}

/** All nodes below (and with) `node`, in source order. */
export function* walk(node: Node): Generator<Node> {
  yield node;
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child && typeof child === 'object' && typeof (child as Node).type === 'string') yield* walk(child as Node);
    }
  }
}

const nameOf = (node: unknown): string => {
  const { name, value } = node as { name?: string; value?: string };
  return name ?? value ?? '';
};

function importsOf(path: string, program: Node): ImportEdge[] {
  const edges: ImportEdge[] = [];
  const add = (source: unknown, typeOnly: boolean, lazy: boolean, names: readonly string[]) => {
    const specifier = (source as { value?: unknown } | null)?.value;
    if (typeof specifier === 'string') edges.push({ specifier, file: resolve(path, specifier), typeOnly, lazy, names });
  };
  for (const node of walk(program)) {
    if (node.type === 'ImportDeclaration') {
      const specifiers = node.specifiers as Node[];
      const names = specifiers.map((each) =>
        each.type === 'ImportSpecifier'
          ? nameOf(each.imported)
          : each.type === 'ImportDefaultSpecifier'
            ? 'default'
            : '*',
      );
      const typeOnly =
        node.importKind === 'type' || (specifiers.length > 0 && specifiers.every((each) => each.importKind === 'type'));
      add(node.source, typeOnly, false, names);
    } else if (node.type === 'ExportNamedDeclaration' && node.source) {
      add(
        node.source,
        node.exportKind === 'type',
        false,
        (node.specifiers as Node[]).map((each) => nameOf(each.local)),
      );
    } else if (node.type === 'ExportAllDeclaration') {
      add(node.source, node.exportKind === 'type', false, ['*']);
    } else if (node.type === 'ImportExpression') {
      add(node.source, false, true, ['*']);
    } else if (node.type === 'TSImportType') {
      add(node.source ?? node.argument, true, true, ['*']);
    }
  }
  return edges;
}

function exportsOf(program: Node): string[] {
  const names: string[] = [];
  for (const node of program.body as Node[]) {
    if (node.type === 'ExportDefaultDeclaration') names.push('default');
    if (node.type !== 'ExportNamedDeclaration') continue;
    for (const each of node.specifiers as Node[]) names.push(nameOf(each.exported));
    const declaration = node.declaration as Node | null;
    if (!declaration) continue;
    if (declaration.type === 'VariableDeclaration') {
      for (const each of declaration.declarations as Node[]) {
        const id = each.id as Node;
        if (id.type === 'Identifier') names.push(nameOf(id));
        else if (id.type === 'ObjectPattern')
          for (const property of id.properties as Node[]) names.push(nameOf(property.value));
      }
    } else names.push(nameOf(declaration.id));
  }
  return names;
}

function read(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const program = parseAst(text, {
    lang: path.endsWith('.mjs') ? 'js' : 'ts',
    sourceType: 'module',
  }) as unknown as Node;
  return {
    path,
    text,
    lines: text.split('\n').length - 1,
    test: /\.(test|cases|fixture)\.ts$/.test(path) || path.startsWith('test/'),
    generated: path.includes('.generated.'),
    program,
    imports: importsOf(path, program),
    exports: exportsOf(program),
  };
}

function list(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name) && !entry.parentPath.includes('testdata'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

export function readSources(): readonly SourceFile[] {
  return ['src', 'test', 'tools'].flatMap(list).sort().map(read);
}

/** `file:line` of a node. */
export function place(file: SourceFile, node: Node): string {
  return `${file.path}:${file.text.slice(0, node.start).split('\n').length}`;
}
