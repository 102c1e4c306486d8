/** The takeover cases on a simulated member, and on a real kube-apiserver where its binary is in the cache. */
import { describe } from 'vitest';
import { missingBinaries } from '#harness/real-binaries.ts';
import { realSite } from './real-ground.ts';
import { takeoverCases } from './takeover.cases.ts';
import { simulatedSite } from './takeover-ground.ts';

takeoverCases('on a simulated member', simulatedSite, 30_000);

// Built by `npm run test:conformance`; without it the recordings are replayed (replay.test.ts).
describe.skipIf(missingBinaries().length > 0)('real:', () => {
  takeoverCases('on a real kube-apiserver', realSite, 120_000);
});
