import { expect, test } from 'vitest';
import type { AdmissionRequest } from '#kube/admission/review.ts';
import { validateTaintPolicy } from './validate.ts';

const [soft, hard] = [
  { key: 'a', effect: 'NoSchedule' },
  { key: 'a', effect: 'NoExecute' },
];
const forbidden =
  'Forbidden: Configuring taint with NoExecute effect is not allowed, this capability must be explicitly enabled by administrators through command-line flags';
const twice = (effect: string) =>
  `Duplicate value: "Duplicate taint with the same key(a) and effect(${effect}) is not allowed"`;

test.each<[string, readonly object[], boolean, string | undefined]>([
  ['taints that keep away', [soft], false, undefined],
  ['taints that drive out', [soft, hard], false, `spec.taints[1]: ${forbidden}`],
  ['those where they are allowed', [soft, hard], true, undefined],
  ['one twice, whatever its value', [soft, { ...soft, value: 'x' }], true, `spec.taints[0]: ${twice('NoSchedule')}`],
  [
    'both at once',
    [hard, hard],
    false,
    `[spec.taints[0]: ${forbidden}, spec.taints[0]: ${twice('NoExecute')}, spec.taints[1]: ${forbidden}]`,
  ],
])('%s', async (_, taints, allows, message) => {
  const request = { object: { spec: { taints } } } as unknown as AdmissionRequest;
  const answer = await validateTaintPolicy(() => allows)(request);
  expect(answer).toMatchObject(message === undefined ? { allowed: true } : { allowed: false, code: 403, message });
});
