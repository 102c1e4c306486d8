/**
 * Cases staged with a webhook server of ours beside an API server: what a real one makes of them is recorded with
 * FLOTILLA_RECORD, where the binaries are, and ours is held against it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterAccess } from '#client/kubeconfig/access.ts';
import { type Door, doorTo } from '#harness/exchange.ts';
import { startOwnKubernetes } from '#harness/own-kubernetes.ts';
import { absentBinaries } from '#harness/real-binaries.ts';
import { startRealKubernetes } from '#harness/real-kubernetes.ts';
import { startWebhookServer, type WebhookServer } from '#harness/webhook-server.ts';
import type { JsonValue } from '#kube/meta/object.ts';

export interface Stage {
  readonly door: Door;
  readonly hooks: WebhookServer;
}

export interface StagedOptions<C extends { readonly name: string }> {
  /** What it is about: `webhooks`. */
  readonly title: string;
  /** Beside this file: the recorded answers, by name of the case. */
  readonly file: string;
  readonly cases: readonly C[];
  /** What a case sees, in words that are the same wherever it runs. */
  readonly seen: (each: C, stage: Stage) => Promise<JsonValue>;
  /** Tests of ours alone. */
  readonly also?: (stage: () => Stage) => void;
}

const recording = process.env.FLOTILLA_RECORD !== undefined;

/** Starts and stops both for the tests of a describe; answers how to get at them. */
function staging(start: () => Promise<{ readonly access: ClusterAccess; readonly stop: () => Promise<void> }>) {
  let stage: Stage;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    const server = await start();
    const hooks = await startWebhookServer();
    stage = { door: doorTo(server.access), hooks };
    stop = server.stop;
  }, 120_000);
  afterAll(async () => {
    await stage.door.close();
    await stop();
    await stage.hooks.stop();
  });
  return () => stage;
}

export function staged<C extends { readonly name: string }>({
  title,
  file,
  cases,
  seen,
  also,
}: StagedOptions<C>): void {
  const path = join(import.meta.dirname, file);

  describe.skipIf(!recording || absentBinaries().length > 0)('a real kube-apiserver', { timeout: 120_000 }, () => {
    const stage = staging(() => startRealKubernetes());
    const recorded: Record<string, JsonValue> = {};
    afterAll(() => writeFileSync(path, `${JSON.stringify(recorded, null, 2)}\n`));
    it.each(cases)('is recorded: $name', async (each) => {
      recorded[each.name] = await seen(each, stage());
    });
  });

  describe(`our API server and ${title}`, { timeout: 30_000 }, () => {
    const stage = staging(() => startOwnKubernetes());
    it.each(cases)('$name', async (each) => {
      const recorded = (JSON.parse(readFileSync(path, 'utf8')) as Record<string, JsonValue>)[each.name];
      expect(await seen(each, stage())).toEqual(recorded);
    });
    also?.(stage);
  });
}
