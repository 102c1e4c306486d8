/**
 * What no honest client sends is answered as a real kube-apiserver has answered it (recorded.jsonl, written anew with
 * FLOTILLA_RECORD where the binaries are). Differences are named, each with its reason.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OwnKubernetes, startOwnKubernetes } from '#harness/own-kubernetes.ts';
import { absentBinaries } from '#harness/real-binaries.ts';
import { startRealKubernetes } from '#harness/real-kubernetes.ts';
import { sendBytes } from '#harness/wire.ts';
import { type WireCase, wireCases } from './cases.ts';
import { differenceOf } from './differences.ts';
import { readRecorded, type Told, told, writeRecorded } from './record.ts';

const ask = async (access: OwnKubernetes['access'], { bytes, count = 1 }: WireCase): Promise<readonly Told[]> =>
  (await sendBytes(access, Buffer.from(bytes, 'latin1'), count)).map(told);

const recording = process.env.FLOTILLA_RECORD !== undefined && absentBinaries().length === 0;

it.runIf(recording)('is recorded', { timeout: 300_000 }, async () => {
  const real = await startRealKubernetes();
  try {
    const recorded: Record<string, readonly Told[]> = {};
    for (const each of wireCases) recorded[each.name] = await ask(real.access, each);
    writeRecorded(recorded);
  } finally {
    await real.stop();
  }
});

describe('a request on the wire', () => {
  const recorded = readRecorded();
  let own: OwnKubernetes;
  beforeAll(async () => {
    own = await startOwnKubernetes();
  });
  afterAll(() => own.stop());

  it.each(wireCases)('$name', async (each) => {
    const answers = await ask(own.access, each);
    const difference = differenceOf(each.name);
    if (difference === undefined) expect(answers).toEqual(recorded[each.name]);
    else {
      expect(answers, 'this is no difference any more').not.toEqual(recorded[each.name]);
      expect(answers.map(({ status }) => status)).toEqual(difference.statuses);
    }
    // Whatever it was: the server goes on.
    expect(answers.every(({ status }) => status < 500 || status === 501 || status === 505)).toBe(true);
  });
});
