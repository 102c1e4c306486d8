/** Skipped tests: listed with their reasons, and held against the declared ones. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Skip {
  /** `file > suite > test`. */
  readonly name: string;
  readonly reason: string;
}

/** A declaration of `test/skips.yaml`: `- <start of a test's name>  # why`. */
interface Declared {
  readonly start: string;
  readonly why: string;
}

function declared(): readonly Declared[] {
  return readFileSync(join(import.meta.dirname, '..', '..', 'test', 'skips.yaml'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('- '))
    .map((line) => {
      const [start = '', why = ''] = line.slice(2).split('  #');
      return { start: start.trim(), why: why.trim() };
    });
}

const declarationOf = (all: readonly Declared[], { name }: Skip) => all.find(({ start }) => name.startsWith(start));

/** Those that are declared together in one line, the others one by one. */
export function listSkips(skips: readonly Skip[]): void {
  if (skips.length === 0) return;
  const all = declared();
  const together = new Map<Declared, number>();
  console.log(`\nskipped (${skips.length}):`);
  for (const skip of skips) {
    const declaration = declarationOf(all, skip);
    if (declaration) together.set(declaration, (together.get(declaration) ?? 0) + 1);
    else console.log(`  ${skip.name}: ${skip.reason}`);
  }
  for (const [{ start, why }, count] of together) console.log(`  ${`${count}`.padStart(3)} of ${start}: ${why}`);
}

export function undeclaredSkips(skips: readonly Skip[]): string[] {
  const all = declared();
  return skips.filter((skip) => !declarationOf(all, skip)).map(({ name }) => name);
}
