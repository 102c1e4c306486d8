/**
 * `node test/conformance/compare.ts [script…]`: runs scripts against a real API server and against ours, and prints where
 * they differ: what a script is written with, before it is recorded. FLOTILLA_REAL_ACCESS names a file with a ClusterAccess
 * of a real one that is up already; otherwise one is started.
 */
import { readFileSync } from 'node:fs';
import type { ClusterAccess } from '#client/kubeconfig/access.ts';
import { type Door, doorTo } from '#harness/exchange.ts';
import { startOwnKubernetes } from '#harness/own-kubernetes.ts';
import { startRealKubernetes } from '#harness/real-kubernetes.ts';
import type { Exchange } from '#harness/recording.ts';
import { Words } from '#harness/words.ts';
import { differences } from './differences.ts';
import { handOf, type Script } from './exchanges/hand.ts';
import { scripts } from './exchanges/scripts.ts';
import { makeNamespace } from './replay.ts';

/** Longer texts are cut. */
const [valueLength, bodyLength] = [1_000, 300];

const wanted = process.argv.slice(2);

async function exchangesOf(door: Door, { name, run }: Script): Promise<readonly Exchange[]> {
  const namespace = `${Date.now().toString(36).slice(-5)}-${name}`;
  await makeNamespace(door, namespace);
  const words = new Words(namespace);
  const exchanges: Exchange[] = [];
  await run(
    handOf(namespace, async (asked) => {
      const answered = await door.ask(asked);
      exchanges.push({ asked: words.asked(asked), answered: words.answered(answered) });
      return answered;
    }),
  );
  return exchanges;
}

/** Our words as the real server's: after one difference they would count on differently. */
class Aliases {
  private readonly known = new Map<string, string>();
  private readonly taken = new Set<string>();

  /** Whether two texts say the same; words that are new in both are the same from now on. */
  same(real: string, own: string): boolean {
    const word = /<[a-z]+ \d+>/g;
    const [theirs, ours] = [real.match(word) ?? [], own.match(word) ?? []];
    if (theirs.length !== ours.length || real.replace(word, '') !== own.replace(word, '')) return false;
    return ours.every((each, index) => {
      const meant = theirs[index]!;
      if (!this.known.has(each) && !this.taken.has(meant)) {
        this.known.set(each, meant);
        this.taken.add(meant);
      }
      return this.known.get(each) === meant;
    });
  }
}

const kindOf = (value: unknown) => (value as { readonly kind?: unknown } | null)?.kind;

/** Paths at which two values differ. */
function differing(real: unknown, own: unknown, path: string, aliases: Aliases, lines: string[]): void {
  const both = [real, own];
  if (both.every((value) => typeof value === 'string') && aliases.same(real as string, own as string)) return;
  if (real === own) return;
  const alike = Array.isArray(real) === Array.isArray(own) && kindOf(real) === kindOf(own);
  if (alike && both.every((value) => typeof value === 'object' && value !== null)) {
    const [left, right] = both as [Record<string, unknown>, Record<string, unknown>];
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)]))
      differing(left[key], right[key], `${path}.${key}`, aliases, lines);
    return;
  }
  const shown = (value: unknown) => JSON.stringify(value)?.slice(0, valueLength);
  lines.push(`    ${path}:\n      real ${shown(real)}\n      own  ${shown(own)}`);
}

const isKnown = (script: string, line: number) =>
  differences.some(({ recording, lines }) => recording === script && lines.includes(line));

const accessFile = process.env.FLOTILLA_REAL_ACCESS;
const foreign = accessFile ? undefined : await startRealKubernetes();
const real = doorTo(foreign?.access ?? (JSON.parse(readFileSync(accessFile!, 'utf8')) as ClusterAccess));
const started = await startOwnKubernetes();
const own = doorTo(started.access);
for (const script of scripts.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)))) {
  const [theirs, ours] = await Promise.all([exchangesOf(real, script), exchangesOf(own, script)]);
  const aliases = new Aliases();
  console.log(`== ${script.name}: ${theirs.length} exchanges`);
  for (const [index, { asked, answered }] of theirs.entries()) {
    const lines: string[] = [];
    differing(answered, ours[index]?.answered, '', aliases, lines);
    if (lines.length === 0 || isKnown(script.name, index + 1)) continue;
    const body = JSON.stringify(asked.body ?? asked.raw ?? '').slice(0, bodyLength);
    console.log(`  ${index + 1}: ${asked.method} ${asked.path} ${asked.accept ?? ''} ${body}`);
    for (const line of lines) console.log(line);
  }
}
await Promise.all([real.close(), own.close()]);
await started.stop();
await foreign?.stop();
