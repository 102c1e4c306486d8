/**
 * An API server killed with clients at work on it: after each kill every object is as its last acknowledged write left it,
 * or as the one write without an answer would have; what a watch has told is there; resourceVersions never go back; and a
 * watcher that goes on from where it was, or lists again when it is told to, comes to the same state.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Anything } from '#harness/kubectl.ts';
import { rounds as roundsOf } from '#harness/soak.ts';
import { seededRandom } from '#world/random/seeded.ts';

const rounds = roundsOf({ test: 2, soak: 200 });
const clients = 4;
const namesEach = 5;
const mostAcknowledged = 150;

const folder = mkdtempSync(join(tmpdir(), 'flotilla-api-kill-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const server = join(import.meta.dirname, 'api-server.ts');
const collection = '/api/v1/namespaces/default/configmaps';

interface Running {
  readonly url: string;
  readonly child: ChildProcess;
  readonly gone: Promise<unknown>;
}

async function startServer(): Promise<Running> {
  const child = spawn(process.execPath, [server, join(folder, 'data')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'close');
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  return { url: line.toString().trim(), child, gone };
}

async function ask(url: string, method: string, path: string, body?: unknown, type = 'application/json') {
  const answer = await fetch(url + path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': type } }),
  });
  return { status: answer.status, body: (await answer.json()) as Anything };
}

/** What a name may hold: its value, or undefined for none. */
type Possible = readonly (string | undefined)[];

/** Known of all names, across the kills. */
const possible = new Map<string, Possible>();
let newest = 0;

/** One client's writes to names of its own, one after the other, until the server is gone. */
async function work(url: string, client: number, seed: number, acknowledged: () => void): Promise<void> {
  const random = seededRandom(seed + client);
  for (let step = 0; ; step++) {
    const name = `c${client}-${Math.floor(random.next() * namesEach)}`;
    const value = `${seed}-${step}`;
    const before = possible.get(name) ?? [undefined];
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { value } };
    const exists = before[0] !== undefined;
    const deletes = exists && random.next() < 0.25;
    possible.set(name, [...before, deletes ? undefined : value]);
    try {
      const answer = deletes
        ? await ask(url, 'DELETE', `${collection}/${name}`)
        : !exists
          ? await ask(url, 'POST', collection, object)
          : random.next() < 0.5
            ? await ask(url, 'PUT', `${collection}/${name}`, object)
            : await ask(url, 'PATCH', `${collection}/${name}`, { data: { value } }, 'application/merge-patch+json');
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
      const revision = Number(answer.body.metadata?.resourceVersion ?? 0);
      if (!deletes) {
        expect(revision).toBeGreaterThan(0);
        newest = Math.max(newest, revision);
      }
    } catch (error) {
      // No answer, or half of one.
      if (error instanceof TypeError || error instanceof SyntaxError) return;
      throw error;
    }
    possible.set(name, [deletes ? undefined : value]);
    acknowledged();
  }
}

/** What a watcher holds, and how far it has come. */
const seen = new Map<string, string>();
let seenRevision = '';

async function relist(url: string): Promise<void> {
  const { body } = await ask(url, 'GET', collection);
  seen.clear();
  for (const { metadata, data } of body.items) seen.set(metadata.name, data.value);
  seenRevision = body.metadata.resourceVersion;
}

function take({ type, object }: Anything): boolean {
  if (type === 'ERROR') return false;
  seenRevision = object.metadata.resourceVersion;
  if (type === 'DELETED') seen.delete(object.metadata.name);
  else if (type !== 'BOOKMARK') seen.set(object.metadata.name, object.data.value);
  return true;
}

/** Until the server is gone, `ended`, or the watch says that it must begin anew. */
async function follow(url: string, ended: AbortSignal): Promise<'again' | 'over'> {
  const path = `${collection}?watch=1&allowWatchBookmarks=true&resourceVersion=${seenRevision}`;
  try {
    const answer = await fetch(url + path, { signal: ended });
    if (answer.status === 410) return 'again';
    let text = '';
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      const lines = (text + chunk).split('\n');
      text = lines.pop()!;
      for (const line of lines) if (!take(JSON.parse(line))) return 'again';
    }
  } catch {
    // It was killed, or this round is over.
  }
  return 'over';
}

async function watchOn(url: string, ended: AbortSignal): Promise<void> {
  try {
    if (seenRevision === '') await relist(url);
    while ((await follow(url, ended)) === 'again') await relist(url);
  } catch (error) {
    // Killed in the middle of a list.
    if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
  }
}

async function checkState(url: string): Promise<void> {
  const { body } = await ask(url, 'GET', collection);
  const found = new Map<string, string>(body.items.map(({ metadata, data }: Anything) => [metadata.name, data.value]));
  expect(Number(body.metadata.resourceVersion)).toBeGreaterThanOrEqual(Math.max(newest, Number(seenRevision || 0)));
  newest = Number(body.metadata.resourceVersion);
  for (const [name, values] of possible) {
    expect(values, `${name} holds what nobody wrote, or has lost what was acknowledged`).toContain(found.get(name));
    possible.set(name, [found.get(name)]);
  }
  for (const name of found.keys()) expect(possible.has(name) || name === 'kube-root-ca.crt').toBe(true);
}

test(`${rounds} times killed, an API server keeps its word`, { timeout: rounds * 20_000 }, async () => {
  const random = seededRandom(Number(process.env.FLOTILLA_SEED ?? 1));
  for (let round = 0; round < rounds; round++) {
    const { url, child, gone } = await startServer();
    await checkState(url);
    const enough = 1 + Math.floor(random.next() ** 2 * mostAcknowledged);
    let count = 0;
    const acknowledged = () => {
      if (++count === enough) child.kill('SIGKILL');
    };
    const over = new AbortController();
    const watching = watchOn(url, over.signal);
    await Promise.all(Array.from({ length: clients }, (_, client) => work(url, client, round * 100, acknowledged)));
    await gone;
    await watching;
  }
  const { url, child, gone } = await startServer();
  await checkState(url);
  // The watcher goes on from before the last kill, and comes to what there is.
  const over = new AbortController();
  const watching = watchOn(url, over.signal);
  const last = await ask(url, 'POST', collection, { metadata: { name: 'last' }, data: { value: 'last' } });
  while (seen.get('last') === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
  over.abort();
  await watching;
  const { body } = await ask(url, 'GET', collection);
  expect(Object.fromEntries(seen)).toEqual(
    Object.fromEntries(body.items.map(({ metadata, data }: Anything) => [metadata.name, data.value])),
  );
  expect(Number(last.body.metadata.resourceVersion)).toBeGreaterThan(newest);
  child.kill('SIGKILL');
  await gone;
});
