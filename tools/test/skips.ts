/** Skipped tests: listed with their reasons, and held against the declared ones. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Skip {
  /** `file > suite > test`. */
  readonly name: string;
  readonly reason: string;
}

/** `test/skips.yaml` holds lines `- <start of a test's name>  # why`. */
function declared(): string[] {
  return readFileSync(join(import.meta.dirname, '..', '..', 'test', 'skips.yaml'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('- '))
    .map((line) => line.slice(2).split('  #')[0]!.trim());
}

export function listSkips(skips: readonly Skip[]): void {
  if (skips.length === 0) return;
  console.log(`\nskipped (${skips.length}):`);
  for (const skip of skips) console.log(`  ${skip.name}: ${skip.reason}`);
}

export function undeclaredSkips(skips: readonly Skip[]): string[] {
  const starts = declared();
  return skips.filter((skip) => !starts.some((start) => skip.name.startsWith(start))).map((skip) => skip.name);
}
