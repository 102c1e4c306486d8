/** The takeover cases on a simulated member, and on a real kube-apiserver where its binary is in the cache. */
import { describe } from 'vitest';
import { absentBinaries } from '#harness/real-binaries.ts';
import { writeRecording } from '#harness/recording.ts';
import { realSite, recordedSite } from './real-ground.ts';
import { recordingFile } from './replay.ts';
import { takeoverCases } from './takeover.cases.ts';
import { simulatedSite } from './takeover-ground.ts';

takeoverCases('on a simulated member', simulatedSite, 30_000);

/** Where its binaries are to be built first: `npm run test:conformance`. */
const absent = absentBinaries().length > 0;

// Without it the recordings are replayed (replay.test.ts).
describe.skipIf(absent)('real:', () => {
  takeoverCases('on a real kube-apiserver', realSite, 120_000);
});

/** Recorded cases by the end of their titles: one of each sort, so that the recordings stay small. */
const recorded: Readonly<Record<string, string>> = {
  'got by create > is adopted by a template made by create, and nothing restarts': 'takeover-created',
  'made by apply > an env leaves the member too': 'takeover-env-removed',
  'made by apply > is followed by scale, set image, set env, label and edit': 'takeover-edited',
  'of stated fields is put right, of others it stays': 'takeover-drift',
  'keeps replicas, sidecar and restartedAt, and its Pod template to the byte': 'takeover-touched',
  'are released to an autoscaler, also when it writes through scale': 'takeover-autoscaled',
  'are released to whoever owns them when the template gets the retain label': 'takeover-retained',
  'got by apply > gives back the original and every field to its owner': 'takeover-rolled-back',
  'got by serverApply > gives back the original and every field to its owner': 'takeover-server-rolled-back',
};

describe.runIf(!absent && process.env.FLOTILLA_RECORD !== undefined)('recorded:', () => {
  const site = () =>
    recordedSite((title, namespace, exchanges) => {
      const [, name] = Object.entries(recorded).find(([end]) => title.endsWith(end)) ?? [];
      if (name) writeRecording(recordingFile(name), exchanges, namespace);
    });
  takeoverCases('the writes of', site, 120_000);
});
