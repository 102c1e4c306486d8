/**
 * Our discovery and OpenAPI documents say what a real kube-apiserver's say (kubernetes.txt, and custom.txt for
 * CustomResourceDefinitions). Where the binaries are the real one is asked, too; FLOTILLA_RECORD writes the files anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import { type Door, doorTo } from '#harness/exchange.ts';
import { absentBinaries } from '#harness/real-binaries.ts';
import { type RealKubernetes, startRealKubernetes } from '#harness/real-kubernetes.ts';
import { until } from '#harness/until.ts';
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';
import { embeddedServer } from '#server/embedded.fixture.ts';
import { type Documents, digest } from './digest.ts';
import { isOfSamples, sampleDefinitions } from './samples.ts';

type Get = (path: string, accept?: string) => Promise<JsonValue>;

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

async function openApi(get: Get): Promise<Documents> {
  const { paths } = (await get('/openapi/v3')) as unknown as { paths: Record<string, unknown> };
  const v3 = new Map<string, JsonObject>();
  for (const path of Object.keys(paths)) v3.set(path, (await get(`/openapi/v3/${path}`)) as JsonObject);
  return { v2: (await get('/openapi/v2')) as JsonObject, v3 };
}

interface Aggregated {
  readonly items: readonly {
    metadata: JsonObject;
    versions: readonly { version: string; resources: JsonObject[] }[];
  }[];
}

const oneLine = (...parts: readonly (JsonValue | undefined)[]) =>
  parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(sorted(part ?? null)))).join(' ');

const aggregatedLines = (root: string, { items }: Aggregated) =>
  items.flatMap(({ metadata, versions }) =>
    versions.flatMap(({ version, resources, ...rest }) => [
      oneLine(root, metadata, version, rest),
      ...resources.map((resource) => oneLine(root, metadata, version, resource)),
    ]),
  );

/** All of discovery, a line for each resource in the order they come; the address of the server is its own. */
async function discovery(get: Get): Promise<string> {
  const { groups, ...rest } = (await get('/apis')) as unknown as {
    groups: { name: string; versions: { groupVersion: string }[] }[];
  };
  const { serverAddressByClientCIDRs: _own, ...core } = (await get('/api')) as JsonObject;
  const lines = [oneLine('/api', core), oneLine('/apis', rest as JsonObject)];
  for (const root of ['/api', '/apis'])
    lines.push(...aggregatedLines(`${root} aggregated`, (await get(root, aggregated)) as unknown as Aggregated));
  const lists = ['/api/v1', ...groups.flatMap(({ versions }) => versions.map((each) => `/apis/${each.groupVersion}`))];
  for (const { name } of groups) lines.push(oneLine(`/apis/${name}`, await get(`/apis/${name}`)));
  for (const path of lists) {
    const { resources, ...list } = (await get(path)) as JsonObject;
    lines.push(oneLine(path, list), ...(resources as JsonObject[]).map((resource) => oneLine(path, resource)));
  }
  return `${lines.join('\n')}\n`;
}

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((each) => sorted(each as JsonValue));
  if (typeof value !== 'object' || value === null) return value;
  const object = value as JsonObject;
  return Object.fromEntries(
    Object.keys(object)
      .sort()
      .map((key) => [key, sorted(object[key]!)]),
  );
}

const kept = (name: string) => join(import.meta.dirname, `${name}.txt`);
/** Differences of one file that are shown. */
const mostTold = 10;

const recording = process.env.FLOTILLA_RECORD !== undefined;

function hold(name: string, text: string, isReal: boolean): void {
  if (recording && isReal) writeFileSync(kept(name), text);
  const known = readFileSync(kept(name), 'utf8');
  const [now, then] = [text.split('\n'), known.split('\n')];
  const told = (lines: readonly string[], others: readonly string[]) =>
    lines.filter((line) => !others.includes(line)).slice(0, mostTold);
  // What differs is told, and no more.
  expect({ more: told(now, then), less: told(then, now) }, name).toEqual({ more: [], less: [] });
  expect(text === known, `${name}: the order differs`).toBe(true);
}

const customResources = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

const areOfSamples = (text: string) => `${text.split('\n').filter(isOfSamples).join('\n')}\n`;

/** The kinds of the API machinery are marked with fewer group versions there. */
const ofSamples = (name: string) => isOfSamples(name) && !name.startsWith('document');

async function compare(get: Get, install: () => Promise<void>, isReal: boolean): Promise<void> {
  hold('discovery', await discovery(get), isReal);
  hold('kubernetes', digest(await openApi(get)), isReal);
  await install();
  hold('custom', digest(await openApi(get), ofSamples), isReal);
  const ofCustom = async () => areOfSamples(await discovery(get));
  // A real one comes to the order of new groups a little later.
  if (isReal && !recording)
    await until(
      'new groups are in order',
      async () => (await ofCustom()) === readFileSync(kept('custom-discovery'), 'utf8'),
    );
  hold('custom-discovery', await ofCustom(), isReal);
}

describe('documents', () => {
  it('of our API server are those of a real one', async () => {
    const { server } = await embeddedServer({ name: 'own', kinds: builtinKinds() });
    const user = { name: 'admin', groups: ['system:masters'] };
    const get: Get = async (path, accept) => (await server.handler.raw(path, user, accept)).body as JsonValue;
    const path = { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' };
    await compare(
      get,
      async () => {
        for (const body of sampleDefinitions)
          await server.handler.handle({ verb: 'create', path, user, options: {}, body: body as JsonObject });
      },
      false,
    );
    server.stop();
  });

  describe.skipIf(absentBinaries().length > 0)('of a real kube-apiserver', { timeout: 120_000 }, () => {
    let real: RealKubernetes;
    let door: Door;
    beforeAll(async () => {
      real = await startRealKubernetes();
      door = doorTo(real.access);
    }, 120_000);
    afterAll(async () => {
      await door?.close();
      await real?.stop();
    });

    it('are as they are kept', async () => {
      const get: Get = async (path, accept) => {
        const { body } = await door.ask({ method: 'GET', path, ...(accept ? { accept } : {}) });
        // The index of OpenAPI v3 is said to be plain text.
        return typeof body === 'string' ? (JSON.parse(body) as JsonValue) : body;
      };
      await until('everything is documented', async () =>
        JSON.stringify(await get('/openapi/v2')).includes('apiregistration.v1.APIService'),
      );
      await compare(
        get,
        async () => {
          for (const body of sampleDefinitions)
            await door.ask({
              method: 'POST',
              path: customResources,
              type: 'application/json',
              body: body as JsonObject,
            });
          await until('the samples are documented', async () => {
            const documents = [await get('/openapi/v2'), await get('/openapi/v3/apis/stable.example.com/v1')];
            return documents.every((each) => JSON.stringify(each).includes('stable.example.com/v1/globs'));
          });
        },
        true,
      );
    });
  });
});
