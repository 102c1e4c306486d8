/**
 * A whole API server under made-up requests: whatever comes, it answers, never with a failure of its own; and what it holds
 * afterwards is one state, told alike by lists, gets and watches. FLOTILLA_SEED names another seed.
 */
import { expect, test } from 'vitest';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import type { Anything } from '#harness/kubectl.ts';
import { rounds } from '#harness/soak.ts';
import { createDoor } from '#server/http/door.ts';
import { createApiServer } from '#server/serve.ts';
import { memoryStore } from '#server/storage/memory.ts';
import { systemClock as clock } from '#world/clock/system.ts';
import { createHttpAgent } from '#world/network/http-client.ts';
import { listen } from '#world/network/listen.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { nextRequest, samples } from './requests.ts';

const requests = rounds({ test: 600, soak: 20_000 });
const seed = Number(process.env.FLOTILLA_SEED ?? 1);

async function startServer() {
  const world = { clock, random: seededRandom(seed) };
  const server = createApiServer({
    name: 'fuzzed',
    space: 'fuzzed',
    store: memoryStore({ clock, freeze: true }),
    world,
    kinds: builtinKinds(),
    disabledAdmission: ['ServiceAccount'],
  });
  await server.start();
  const faults: unknown[] = [];
  const door = createDoor(server, { ...world, onError: (error) => faults.push(error) });
  const listener = await listen({ onRequest: door.serve });
  const agent = createHttpAgent({});
  const ask = async (method: string, path: string, headers: Record<string, string> = {}, body?: string) => {
    const answer = await agent.request({ url: listener.url + path, method, headers, ...(body ? { body } : {}) });
    const text = await answer.text();
    const type = String(answer.headers['content-type']);
    return {
      status: answer.status,
      text,
      body: (type.startsWith('application/json') ? JSON.parse(text) : text) as Anything,
    };
  };
  const stop = async () => {
    await agent.close();
    door.endStreams();
    await listener.close();
    server.stop();
  };
  return { server, ask, faults, stop };
}

const rootOf = (apiVersion: string) => (apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`);
const keyOf = ({ metadata }: Anything) => `${metadata.namespace ?? ''}/${metadata.name}`;
const versionOf = (object: Anything) => Number(object.metadata.resourceVersion);

test(`${requests} made-up requests`, { timeout: 60_000 + requests * 20 }, async () => {
  const { server, ask, faults, stop } = await startServer();
  const random = seededRandom(seed);
  // What watches tell from the beginning, by resource.
  const told = new Map<string, Map<string, Anything>>();
  const user = { name: 'watcher', groups: ['system:masters'] };
  for (const { apiVersion, resource } of samples) {
    const [group, version] = apiVersion.includes('/') ? (apiVersion.split('/') as [string, string]) : ['', apiVersion];
    const objects = new Map<string, Anything>();
    told.set(resource, objects);
    await server.handler.watch(
      { verb: 'watch', path: { group, version, resource }, user, options: { resourceVersion: '0' } },
      {
        event: ({ type, object }) => {
          const key = keyOf(object);
          if (type === 'DELETED') objects.delete(key);
          else if (type !== 'BOOKMARK') objects.set(key, object);
        },
        end: () => {},
      },
    );
  }

  let newest = 0;
  const codes = new Map<number, number>();
  for (let step = 0; step < requests; step++) {
    const { method, path, type, body } = nextRequest(random, 'default');
    const answer = await ask(method, path, type ? { 'content-type': type } : {}, method === 'GET' ? undefined : body);
    const what = `request ${step} of seed ${seed}: ${method} ${path} ${body ?? ''}`;
    // A 500 may be kube-apiserver's way to refuse; what was thrown that is no refusal is a defect.
    expect(faults, `${what}\n${answer.text}`).toEqual([]);
    codes.set(answer.status, (codes.get(answer.status) ?? 0) + 1);
    if (answer.status !== 201 || path.includes('dryRun')) continue;
    expect(versionOf(answer.body), what).toBeGreaterThan(newest);
    newest = versionOf(answer.body);
  }
  // Otherwise nothing has been tried.
  expect(codes.get(201)).toBeGreaterThan(requests / 30);
  expect(codes.get(200)).toBeGreaterThan(requests / 10);

  for (const { apiVersion, resource } of samples) {
    const { body: list } = await ask('GET', `${rootOf(apiVersion)}/${resource}`);
    for (const item of list.items) {
      const { namespace, name } = item.metadata;
      const at = namespace
        ? `/namespaces/${namespace}/${resource}/${encodeURIComponent(name)}`
        : `/${resource}/${encodeURIComponent(name)}`;
      const { body: one } = await ask('GET', `${rootOf(apiVersion)}${at}`);
      expect(one).toEqual({ ...item, apiVersion, kind: one.kind });
      expect(Object.hasOwn({}, 'x')).toBe(false);
    }
    const versions = (objects: readonly Anything[]) => new Map(objects.map((each) => [keyOf(each), versionOf(each)]));
    expect(versions([...told.get(resource)!.values()])).toEqual(versions(list.items));
  }
  await stop();
});
