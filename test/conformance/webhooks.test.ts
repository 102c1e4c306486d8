/**
 * Real webhooks over HTTPS on our API server, held against what a real kube-apiserver makes of the same. With
 * FLOTILLA_RECORD, where the binaries are, its answers are written anew first.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Door, doorTo } from '#harness/exchange.ts';
import { startOwnKubernetes } from '#harness/own-kubernetes.ts';
import { absentBinaries } from '#harness/real-binaries.ts';
import { type RealKubernetes, startRealKubernetes } from '#harness/real-kubernetes.ts';
import { Words } from '#harness/recording.ts';
import { startWebhookServer, type WebhookServer } from '#harness/webhook-server.ts';
import type { JsonValue } from '#kube/meta/object.ts';
import { makeNamespace } from './replay.ts';
import { type WebhookCase, webhookCases } from './webhooks.cases.ts';

const file = join(import.meta.dirname, 'webhook-answers.json');
const recording = process.env.FLOTILLA_RECORD !== undefined;
type Recorded = Record<string, JsonValue>;

let hooks: WebhookServer;
beforeAll(async () => {
  hooks = await startWebhookServer();
});
afterAll(() => hooks.stop());

/** What a case sees, in words that are the same wherever it runs. */
async function seen({ name, run }: WebhookCase, door: Door): Promise<JsonValue> {
  const namespace = `hooks-${webhookCases.findIndex((each) => each.name === name)}`;
  await makeNamespace(door, namespace);
  const words = new Words(namespace);
  const all = await run({ door, hooks, namespace });
  const told = all.map((each) =>
    'heard' in each ? { heard: words.answered({ status: 200, body: each.heard }).body } : words.answered(each),
  );
  const [authority = ''] = /127\.0\.0\.1:\d+/.exec(hooks.url('/')) ?? [];
  return JSON.parse(JSON.stringify(told).replaceAll(authority, '<webhooks>')) as JsonValue;
}

describe.skipIf(!recording || absentBinaries().length > 0)('a real kube-apiserver', { timeout: 120_000 }, () => {
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
  it.each(webhookCases)('is recorded: $name', async (each) => {
    recorded[each.name] = await seen(each, door);
  });
});

describe('our API server and its webhooks', { timeout: 30_000 }, () => {
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
  it.each(webhookCases)('$name', async (each) => {
    const recorded = (JSON.parse(readFileSync(file, 'utf8')) as Recorded)[each.name];
    expect(await seen(each, door)).toEqual(recorded);
  });
});
