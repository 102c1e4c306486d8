/** Cycles and exports nobody uses. */
import type { SourceFile } from './sources.ts';

/** Cycles among imports that run at load time; each is named once, from its first file in order. */
export function cycles(files: readonly SourceFile[]): string[] {
  const edges = new Map(
    files.map((file) => [
      file.path,
      file.imports.filter((edge) => edge.file && !edge.typeOnly && !edge.lazy).map((edge) => edge.file!),
    ]),
  );
  const state = new Map<string, 'open' | 'closed'>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]) => {
    if (state.get(path) === 'closed') return;
    if (state.get(path) === 'open') {
      found.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      return;
    }
    state.set(path, 'open');
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    state.set(path, 'closed');
  };
  for (const path of edges.keys()) visit(path, []);
  return found;
}

/** Files that are run, not imported. */
const entries = /^(src\/cli\/main\.ts|tools\/|test\/(bench|tidy|simulation|e2e|harness)\/)/;

/** Exports of src that no other file, test or not, imports. */
export function deadExports(files: readonly SourceFile[]): string[] {
  const used = new Map<string, Set<string>>();
  for (const file of files) {
    for (const edge of file.imports) {
      if (!edge.file || edge.file === file.path) continue;
      const names = used.get(edge.file) ?? new Set<string>();
      for (const name of edge.names) names.add(name);
      used.set(edge.file, names);
    }
  }
  const dead: string[] = [];
  for (const file of files) {
    if (!file.path.startsWith('src/') || file.test || file.generated || entries.test(file.path)) continue;
    const names = used.get(file.path);
    if (names?.has('*')) continue;
    for (const name of file.exports)
      if (!names?.has(name) && !namedInSignatures(file, name)) dead.push(`${file.path}: ${name}`);
  }
  return dead;
}

/** A type that another declaration of its file speaks of is part of that file's public face without being imported. */
function namedInSignatures(file: SourceFile, name: string): boolean {
  const declared = new RegExp(`export (interface|type) ${name}\\b`);
  return declared.test(file.text) && (file.text.match(new RegExp(`\\b${name}\\b`, 'g')) ?? []).length > 1;
}

/** Source files of src that nothing imports at all. */
export function orphans(files: readonly SourceFile[]): string[] {
  const imported = new Set(files.flatMap((file) => file.imports.map((edge) => edge.file)));
  return files
    .filter(
      (file) => file.path.startsWith('src/') && !file.test && !entries.test(file.path) && !imported.has(file.path),
    )
    .map((file) => file.path);
}
