/**
 * kubectl says the same of our API server as of a real one: what it printed there is kept for each release of it. With
 * FLOTILLA_RECORD that is written anew; the long sweep, and the release's own kubectl, run with `npm run
 * test:conformance`.
 */
import { describe, expect, it } from 'vitest';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import { startOwnKubernetes } from '#harness/own-kubernetes.ts';
import { absentBinaries, binaryPath } from '#harness/real-binaries.ts';
import { startRealKubernetes } from '#harness/real-kubernetes.ts';
import { longSweep, otherwise, shortSweep } from './command-lines.ts';
import { readSaid, releaseOf, type Said, Sweep, writeSaid } from './sweep.ts';

const recording = process.env.FLOTILLA_RECORD !== undefined;
const thorough = recording || process.env.FLOTILLA_CONFORMANCE !== undefined;
const built = absentBinaries().includes('kubectl') ? [] : [binaryPath('kubectl')];
const namespace = 'sweep-here';

function expectSame(said: Said, expected: Said): void {
  const what = `kubectl ${expected.line}`;
  if (otherwise[expected.line] === undefined) expect.soft(said, what).toEqual(expected);
  else expect.soft(said.code, what).toBe(expected.code);
}

describe.each(['kubectl', ...(thorough ? built : [])])('%s', { timeout: 600_000 }, (kubectl) => {
  it.runIf(recording && absentBinaries().length === 0)('is recorded on a real kube-apiserver', async () => {
    const release = await releaseOf(kubectl);
    const real = await startRealKubernetes();
    const sweep = new Sweep(kubectl, real.access, namespace);
    try {
      await sweep.prepare();
      const said = [];
      for (const line of [...shortSweep, ...longSweep]) said.push(await sweep.say(line));
      writeSaid(release!, said);
    } finally {
      sweep.close();
      await real.stop();
    }
  });

  it('says of our API server what it says of a real one', async (context) => {
    const release = await releaseOf(kubectl);
    if (!release) return context.skip('kubectl is not on PATH');
    const recorded = readSaid(release);
    if (!recorded) return context.skip(`kubectl ${release} has not been recorded`);
    const own = await startOwnKubernetes(builtinKinds());
    const sweep = new Sweep(kubectl, own.access, namespace);
    try {
      await sweep.prepare();
      for (const expected of thorough ? recorded : recorded.slice(0, shortSweep.length))
        expectSame(await sweep.say(expected.line), expected);
    } finally {
      sweep.close();
      await own.stop();
    }
  });
});
