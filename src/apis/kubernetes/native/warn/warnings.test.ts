/** Texts for Warning headers; testdata/warnings.yaml has those about Pods, which templates share. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '#kube/meta/object.ts';
import { behaviourOf, type Case, changed, taken, yamlFiles } from '../testdata/cases.ts';

const [[, [file]]] = yamlFiles(join(import.meta.dirname, 'testdata')) as unknown as [
  [string, [{ base: KubeObject; cases: readonly Case[] }]],
];

const warningsFor = (object: KubeObject): readonly string[] => behaviourOf(object).warnings!(taken(object));

describe('warnings about a Pod', () => {
  it.each(file.cases)('with $change', ({ change, warnings = [] }) => {
    expect(warningsFor(changed(file.base, change))).toEqual(warnings);
  });
});

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image: 'nginx', env: [{ name: 'A' }, { name: 'A' }] }] },
    },
  },
} as unknown as KubeObject;

describe('warnings about a template', () => {
  const hides =
    'spec.template.spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply';

  it('stand at the template', () => {
    expect(warningsFor(deployment)).toEqual([hides]);
  });

  it('are not repeated by an update that leaves the spec alone', () => {
    const stored = taken(deployment);
    const labelled = changed(stored, { metadata: { labels: { a: 'b' } } });
    const scaled = changed(stored, { spec: { replicas: 2 } });
    expect(behaviourOf(deployment).warnings!(labelled, stored)).toEqual([]);
    expect(behaviourOf(deployment).warnings!(scaled, stored)).toEqual([hides]);
  });
});

describe('warnings about other kinds', () => {
  it.each([
    ['Endpoints', { subsets: [] }, 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice'],
    [
      'Service',
      { spec: { type: 'ExternalName', externalName: 'example.com', externalIPs: ['1.1.1.1'] } },
      'spec.externalIPs is ignored when spec.type is "ExternalName"',
    ],
    [
      'PersistentVolume',
      { spec: { persistentVolumeReclaimPolicy: 'Recycle' } },
      'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
    ],
    [
      'PersistentVolumeClaim',
      { spec: { resources: { requests: { storage: '1500m' } } } },
      'spec.resources.requests[storage]: fractional byte value "1500m" is invalid, must be an integer',
    ],
  ])('%s', (kind, content, warning) => {
    const object = { apiVersion: 'v1', kind, metadata: { name: 'a' }, ...content } as unknown as KubeObject;
    expect(warningsFor(object)).toEqual([warning]);
  });
});
