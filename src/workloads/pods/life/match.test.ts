import { expect, test } from 'vitest';
import type { JsonValue } from '#kube/meta/object.ts';
import { compileMatch } from './match.ts';

const pod = {
  metadata: { annotations: { 'example.com/behaviour': 'crash' }, finalizers: [] },
  spec: { replicas: 0 },
  status: {
    phase: 'Running',
    containerStatuses: [{ state: { waiting: {} } }, { state: { running: { startedAt: 'x' } } }],
  },
};

test.each<[string, JsonValue, boolean]>([
  ['.status.phase', ['Pending', 'Running'], true],
  ['.status.phase', { notIn: ['Running'] }, false],
  ['.status.reason', { notIn: ['Evicted'] }, true],
  ['.status.reason', 'DoesNotExist', true],
  ['.metadata.finalizers', 'Exists', false],
  ['.spec.replicas', 'Exists', true],
  ['.spec.replicas', [0], true],
  [".metadata.annotations['example.com/behaviour']", ['crash'], true],
  ['.status.containerStatuses[].state.running', 'Exists', true],
  ['.status.containerStatuses[].state.terminated', 'Exists', false],
])('%s %j is %s', (path, wanted, expected) => expect(compileMatch(path, wanted).matches(pod)).toBe(expected));

test.each(['', 'status', '.status..phase', '.status[0]'])('"%s" is no path', (path) => {
  expect(() => compileMatch(path, 'Exists')).toThrow(RangeError);
});

test('what may stand beside a path is said', () => {
  expect(() => compileMatch('.status.phase', 'exists')).toThrow(
    '.status.phase: must be Exists, DoesNotExist, a list of values',
  );
});
