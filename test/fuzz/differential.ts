/**
 * `node test/fuzz/differential.ts [count] [seed]`: the same made-up requests to a real API server and to ours; prints where
 * status codes or answers differ. FLOTILLA_REAL_ACCESS names a file with the access to a real one that is up already.
 */
import { readFileSync } from 'node:fs';
import type { ClusterAccess } from '#client/kubeconfig/access.ts';
import { type Answered, type Door, doorTo } from '#harness/exchange.ts';
import { startOwnKubernetes } from '#harness/own-kubernetes.ts';
import { startRealKubernetes } from '#harness/real-kubernetes.ts';
import { Words } from '#harness/words.ts';
import type { JsonValue } from '#kube/meta/object.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { makeNamespace } from '../conformance/replay.ts';
import { type FuzzRequest, nextRequest } from './requests.ts';

const [count = '500', seed = '1'] = process.argv.slice(2);

const accessFile = process.env.FLOTILLA_REAL_ACCESS;
const foreign = accessFile ? undefined : await startRealKubernetes();
const real = doorTo(foreign?.access ?? (JSON.parse(readFileSync(accessFile!, 'utf8')) as ClusterAccess));
const started = await startOwnKubernetes();
const own = doorTo(started.access);

const random = seededRandom(Number(seed));
const namespace = `fuzz-${Date.now().toString(36)}`;
await Promise.all([makeNamespace(real, namespace), makeNamespace(own, namespace)]);
const words = [new Words(namespace), new Words(namespace)] as const;

async function ask(door: Door, { method, path, type, body }: FuzzRequest): Promise<Answered> {
  return door.ask({
    method,
    path,
    ...(type ? { type } : {}),
    ...(body === undefined || method === 'GET' ? {} : { raw: body }),
  });
}

/** Paths at which two values differ, each with both values. */
function differing(left: unknown, right: unknown, path: string, lines: string[]): void {
  if (JSON.stringify(left) === JSON.stringify(right)) return;
  const both = [left, right].every((value) => typeof value === 'object' && value !== null);
  if (both && Array.isArray(left) === Array.isArray(right)) {
    const [a, b] = [left, right] as [Record<string, unknown>, Record<string, unknown>];
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
      differing(a[key], b[key], `${path}.${key}`, lines);
    return;
  }
  lines.push(
    `    ${path}: real ${JSON.stringify(left)?.slice(0, 300)}\n${' '.repeat(path.length)}       own ${JSON.stringify(right)?.slice(0, 300)}`,
  );
}

/** Which uid it is is another matter than whether there is one. */
const plain = (answered: Answered): JsonValue =>
  JSON.parse(JSON.stringify(answered).replace(/<(uid|revision|address) \d+>/g, '<$1>')) as JsonValue;

let differences = 0;
for (let step = 0; step < Number(count); step++) {
  const request = nextRequest(random, namespace);
  // What makes a real one break a connection (a panic) has no answer to compare.
  const theirs = await ask(real, request).catch(() => undefined);
  const ours = await ask(own, request);
  if (theirs === undefined) {
    console.log(`${step}: a real one breaks the connection at ${request.method} ${request.path} ${request.body}`);
    continue;
  }
  const lines: string[] = [];
  differing(plain(words[0].answered(theirs)), plain(words[1].answered(ours)), '', lines);
  if (lines.length === 0) continue;
  differences++;
  console.log(`${step}: ${request.method} ${request.path} ${request.type ?? ''} ${request.body?.slice(0, 400) ?? ''}`);
  for (const line of lines.slice(0, 6)) console.log(line);
}
console.log(`${differences} of ${count} answers differ (seed ${seed})`);
await Promise.all([real.close(), own.close()]);
await started.stop();
await foreign?.stop();
