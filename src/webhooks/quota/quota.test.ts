import { describe, expect, it } from 'vitest';
import type { AdmissionRequest, AdmissionResponse } from '#kube/admission/review.ts';
import { validateQuota } from './validate.ts';

function refusal(spec: object, more: { readonly name?: string; readonly status?: object } = {}): string {
  const { name = 'q', status } = more;
  const object = { kind: 'FederatedResourceQuota', metadata: { namespace: 'shop', name }, spec, status };
  const answer = validateQuota({ object, operation: 'CREATE' } as unknown as AdmissionRequest) as AdmissionResponse;
  return answer.allowed ? 'allowed' : answer.message;
}
const assigned = (clusterName: string, hard: object) => ({ clusterName, hard });

describe('a FederatedResourceQuota', () => {
  it.each<[string, object, unknown]>([
    [
      'limits what quotas know, by amounts',
      { overall: { cpu: '10', 'requests.memory': '1Gi', 'example.com/gpu': '3' } },
      'allowed',
    ],
    [
      'limits nothing else',
      { overall: { speed: '3' } },
      expect.stringMatching(/^\[?spec\.overall\[speed\]: Invalid value: "speed": must be a standard resource/),
    ],
    [
      'limits to no less than nothing',
      { overall: { cpu: '-1' } },
      'spec.overall[cpu]: Invalid value: "-1": must be greater than or equal to 0',
    ],
    [
      'gives clusters what there is',
      { overall: { cpu: '3' }, staticAssignments: [assigned('m1', { cpu: '1' }), assigned('m2', { cpu: '2' })] },
      'allowed',
    ],
    [
      'gives them no more',
      { overall: { cpu: '3' }, staticAssignments: [assigned('m1', { cpu: '2' }), assigned('m2', { cpu: '2' })] },
      'spec.overall[cpu]: Invalid value: "3": overall is less than assignments',
    ],
    [
      'gives them nothing that it does not limit',
      { overall: { cpu: '3' }, staticAssignments: [assigned('m1', { memory: '2' })] },
      'spec.staticAssignments[0].hard[memory]: Invalid value: "memory": assignment resourceName is not exist in overall',
    ],
    [
      'gives to clusters that can be',
      { overall: {}, staticAssignments: [assigned('M_1', {}), assigned('m'.repeat(49), {})] },
      expect.stringMatching(
        /spec\.staticAssignments\[0\]\.clusterName: Invalid value: "M_1": a lowercase RFC 1123 label.*spec\.staticAssignments\[1\]\.clusterName: Invalid value: "m+": must be no more than 48 characters\]$/,
      ),
    ],
  ])('%s', (_what, spec, said) => {
    expect(refusal(spec)).toEqual(said);
  });

  it('has a name that labels can hold, and a status of the same kind', () => {
    expect(refusal({ overall: {} }, { name: 'q'.repeat(64) })).toMatch(
      /^metadata\.name: .*no more than 63 characters$/,
    );
    const status = { overallUsed: { cpu: '-1' }, aggregatedStatus: [{ clusterName: '', used: { cpu: '-2' } }] };
    expect(refusal({ overall: {} }, { status })).toMatch(
      /status\.overallUsed\[cpu\].*status\.aggregatedStatus\[0\]\.clusterName.*status\.aggregatedStatus\[0\]\.used\[cpu\]/,
    );
  });
});
