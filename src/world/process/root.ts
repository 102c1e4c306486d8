/** The folder this program is installed in: the clone, or the unpacked package. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

let found: string | undefined;

/** The nearest folder above this file that holds a package.json: from src/ and from dist/ alike. */
export function programRoot(): string {
  if (found !== undefined) return found;
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) {
      found = folder;
      return folder;
    }
    if (folder === dirname(folder))
      throw new Error(`no package.json above ${import.meta.dirname}: the program is not whole; install it again`);
  }
}
