/**
 * A real conversion webhook over HTTPS behind our API server, held against what a real kube-apiserver makes of the
 * same. With FLOTILLA_RECORD, where the binaries are, its answers are written anew first.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Door, doorTo } from '#harness/exchange.ts';
import { startOwnKubernetes } from '#harness/own-kubernetes.ts';
import { missingBinaries } from '#harness/real-binaries.ts';
import { type RealKubernetes, startRealKubernetes } from '#harness/real-kubernetes.ts';
import { Words } from '#harness/recording.ts';
import { startWebhookServer, type WebhookServer } from '#harness/webhook-server.ts';
import type { JsonValue } from '#kube/meta/object.ts';
import { type ConversionCase, conversionCases, oneRequest } from './conversion.cases.ts';
import { makeNamespace } from './replay.ts';

const file = join(import.meta.dirname, 'conversion-answers.json');
const recording = process.env.FLOTILLA_RECORD !== undefined;
type Recorded = Record<string, JsonValue>;

let hooks: WebhookServer;
beforeAll(async () => {
  hooks = await startWebhookServer();
});
afterAll(() => hooks.stop());

/** What a case sees, in words that are the same wherever it runs. */
async function seen({ name, run }: ConversionCase, door: Door): Promise<JsonValue> {
  const namespace = `boxes-${conversionCases.findIndex((each) => each.name === name)}`;
  await makeNamespace(door, namespace);
  const words = new Words(namespace);
  const told = (await run({ door, hooks, namespace })).map((each) => words.answered(each));
  // A review's own uid.
  return JSON.parse(JSON.stringify(told).replaceAll(/response\.uid=\\+"[^"]*"/g, 'response.uid=<uid>')) as JsonValue;
}

describe.skipIf(!recording || missingBinaries().length > 0)('a real kube-apiserver', { timeout: 120_000 }, () => {
  let real: RealKubernetes;
  let door: Door;
  const recorded: Recorded = {};
  beforeAll(async () => {
    real = await startRealKubernetes();
    door = doorTo(real.access);
  }, 120_000);
  afterAll(async () => {
    writeFileSync(file, `${JSON.stringify(recorded, null, 1)}\n`);
    await door.close();
    await real.stop();
  });
  it.each(conversionCases)('is recorded: $name', async (each) => {
    recorded[each.name] = await seen(each, door);
  });
});

describe('our API server and a conversion webhook', () => {
  let own: Awaited<ReturnType<typeof startOwnKubernetes>>;
  let door: Door;
  beforeAll(async () => {
    own = await startOwnKubernetes();
    door = doorTo(own.access);
  });
  afterAll(async () => {
    await door.close();
    await own.stop();
  });
  it.each(conversionCases)('$name', async (each) => {
    const recorded = (JSON.parse(readFileSync(file, 'utf8')) as Recorded)[each.name];
    expect(await seen(each, door)).toEqual(recorded);
  });

  it('asks once for all of a list, and of each object once', async () => {
    await makeNamespace(door, 'boxes-once');
    await oneRequest({ door, hooks, namespace: 'boxes-once' });
  });
});
