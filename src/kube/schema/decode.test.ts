/** Go's words for values that do not fit a built-in type. */
import { expect, test } from 'vitest';
import { builtinKind } from '#apis/kubernetes/kinds.ts';
import { decodeError } from './decode.ts';

const deployment = (spec: unknown) =>
  decodeError(builtinKind('apps', 'v1', 'Deployment')!.schema, { spec }, 'Deployment');
const container = (fields: object) => deployment({ template: { spec: { containers: [{ name: 'a', ...fields }] } } });
const inContainer = 'Go struct field Container.spec.template.spec.containers.';

test.each([
  [
    deployment({ replicas: 'two' }),
    'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
  ],
  [
    deployment({ replicas: 1.5 }),
    'json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32',
  ],
  [
    deployment({ replicas: 2 ** 31 }),
    `json: cannot unmarshal number ${2 ** 31} into Go struct field DeploymentSpec.spec.replicas of type int32`,
  ],
  [
    deployment({ paused: 'yes' }),
    'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.paused of type bool',
  ],
  [deployment([]), 'json: cannot unmarshal array into Go struct field Deployment.spec of type v1.DeploymentSpec'],
  [
    deployment({ selector: { matchLabels: { app: 1 } } }),
    'json: cannot unmarshal number into Go struct field LabelSelector.spec.selector.matchLabels of type string',
  ],
  [
    deployment({ template: { spec: { containers: {} } } }),
    'json: cannot unmarshal object into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container',
  ],
  [container({ image: 7 }), `json: cannot unmarshal number into ${inContainer}image of type string`],
  [container({ args: 'a' }), `json: cannot unmarshal string into ${inContainer}args of type []string`],
  [
    container({ resources: { limits: { cpu: 'lots' } } }),
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  ],
  [container({ resources: { limits: { cpu: '1Kii' } } }), "unable to parse quantity's suffix"],
  [
    deployment({ strategy: { rollingUpdate: { maxSurge: true } } }),
    'json: cannot unmarshal bool into Go value of type int32',
  ],
])('%s', (text, expected) => {
  expect(text).toBe(expected);
});

test('what fits is silent, null among it', () => {
  expect(
    deployment({ replicas: null, strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: 1 } } }),
  ).toBeUndefined();
  expect(container({ resources: { limits: { cpu: 0.5, memory: '1Gi' } } })).toBeUndefined();
});

test('times name the part that does not fit', () => {
  const lease = (renewTime: unknown) =>
    decodeError(builtinKind('coordination.k8s.io', 'v1', 'Lease')!.schema, { spec: { renewTime } }, 'Lease');
  expect(lease('2026-11-22T10:00:00.000000Z')).toBeUndefined();
  expect(lease('2026-13-22T10:00:00Z')).toBe('parsing time "2026-13-22T10:00:00Z": month out of range');
  expect(lease('yesterday')).toBe(
    'parsing time "yesterday" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "yesterday" as "2006"',
  );
  expect(lease(5)).toBe('json: cannot unmarshal number 5 into Go value of type string');
});

test('bytes name the place, not the data', () => {
  const secret = (value: unknown) =>
    decodeError(builtinKind('', 'v1', 'Secret')!.schema, { data: { key: value } }, 'Secret');
  expect(secret('aGVsbG8=')).toBeUndefined();
  expect(secret('hello world')).toBe('illegal base64 data at input byte 5');
  expect(secret('abc')).toBe('illegal base64 data at input byte 0');
  expect(secret(1)).toBe('json: cannot unmarshal number into Go struct field Secret.data of type []uint8');
});
