import { describe, expect, it } from 'vitest';
import type { AdmissionRequest, AdmissionResponse } from '#kube/admission/review.ts';
import { type BindingGates, validateBinding } from './validate.ts';

const charge = () => Promise.reject(new Error('nobody is charged here'));
const off: BindingGates = { MultiplePodTemplatesScheduling: false, FederatedQuotaEnforcement: false };
const refusal = (metadata: object, spec: object, gates: Partial<BindingGates> = {}): string => {
  const request = { object: { kind: 'ResourceBinding', metadata, spec } } as unknown as AdmissionRequest;
  const answer = validateBinding(() => ({ ...off, ...gates }), charge)(request) as AdmissionResponse;
  return answer.allowed ? 'allowed' : answer.message;
};

describe('a binding', () => {
  const annotated = (text: string) => ({ annotations: { 'resourcebinding.karmada.io/dependencies': text } });

  it('lists dependencies in JSON', () => {
    expect(refusal(annotated('[{"kind":"Secret"}]'), {})).toBe('allowed');
    expect(refusal(annotated('[{'), {})).toMatch(
      /^metadata\.annotations\[resourcebinding\.karmada\.io\/dependencies\]: Invalid value: "\[\{": annotation value must be a valid JSON: /,
    );
  });

  it('names each component once, where components are scheduled', () => {
    const spec = { components: [{ name: 'a' }, { name: '' }, { name: 'a' }] };
    expect(refusal({}, spec)).toBe('allowed');
    expect(refusal({}, spec, { MultiplePodTemplatesScheduling: true })).toBe(
      '[spec.components[1].name: Invalid value: "": component names must be non-empty, ' +
        'spec.components[2].name: Invalid value: "a": component names must be unique]',
    );
    const named = { components: [{ name: 'a' }, { name: 'b' }] };
    expect(refusal({}, named, { MultiplePodTemplatesScheduling: true })).toBe('allowed');
  });
});
