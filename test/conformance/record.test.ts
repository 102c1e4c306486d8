/**
 * Where the binaries are in the cache: the recordings say what a real kube-apiserver answers. With FLOTILLA_RECORD
 * (`npm run test:conformance -- --record`) they are written anew first.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customResourceDefinitions } from '#app/crds.ts';
import { type Door, doorTo } from '#harness/exchange.ts';
import type { Anything } from '#harness/kubectl.ts';
import { absentBinaries } from '#harness/real-binaries.ts';
import { type RealKubernetes, startRealKubernetes } from '#harness/real-kubernetes.ts';
import { type Exchange, writeRecording } from '#harness/recording.ts';
import { until } from '#harness/until.ts';
import type { JsonValue } from '#kube/meta/object.ts';
import { handOf } from './exchanges/hand.ts';
import { scripts } from './exchanges/scripts.ts';
import { askPatiently, expectRecorded, makeNamespace, recordingFile, recordings } from './replay.ts';

/** Our definitions, as people install them; served a moment later. */
async function installKinds(door: Door): Promise<void> {
  for (const { object } of customResourceDefinitions()) {
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    await door.ask({ method: 'POST', path, type: 'application/json', body: object as unknown as JsonValue });
    const { group, names, versions } = (object as Anything).spec;
    await until(`${names.plural} are served`, async () => {
      const answer = await door.ask({ method: 'GET', path: `/apis/${group}/${versions[0].name}/${names.plural}` });
      return answer.status === 200;
    });
  }
}

/** kube-apiserver's informers tell its authorizers of a change well within this. */
const settleMs = 400;

const recording = process.env.FLOTILLA_RECORD !== undefined;

describe.skipIf(absentBinaries().length > 0)('a real kube-apiserver', { timeout: 120_000 }, () => {
  let real: RealKubernetes;
  let door: Door;
  beforeAll(async () => {
    real = await startRealKubernetes();
    door = doorTo(real.access, settleMs);
    await installKinds(door);
  }, 120_000);
  afterAll(async () => {
    await door?.close();
    await real?.stop();
  });

  it.runIf(recording).each(scripts)('is recorded: $name', async ({ name, run }) => {
    const exchanges: Exchange[] = [];
    await makeNamespace(door, `record-${name}`);
    const hand = handOf(`record-${name}`, async (asked) => {
      const answered = await askPatiently(door, asked);
      exchanges.push({ asked, answered });
      return answered;
    });
    await run(hand);
    writeRecording(recordingFile(name), exchanges, `record-${name}`);
  });

  // Node ports and the like are taken while a server is recorded.
  it.skipIf(recording).each(recordings())('answers as recorded: %s', async (name) => {
    await expectRecorded(door, name, expect);
  });
});
