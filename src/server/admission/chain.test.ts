import { describe, expect, it } from 'vitest';
import type { AdmissionRequest } from '#kube/admission/review.ts';
import { type Cluster, configMap, refusal, startCluster } from '../serve.cases.ts';
import type { AdmissionStep } from './step.ts';

const maps = 'v1/configmaps/default';

function step(name: string, phase: AdmissionStep['phase'], review: AdmissionStep['review']): AdmissionStep {
  return { name, phase, handles: ({ resource }) => resource === 'configmaps', review };
}

const labelled = (label: string) =>
  step(label, 'mutate', ({ object }) => ({
    allowed: true,
    object: object && {
      ...object,
      metadata: { ...object.metadata, labels: { ...object.metadata.labels, [label]: 'x' } },
    },
    warnings: [`${label} was here`],
  }));

describe('admission', () => {
  it('runs mutating steps in order, each on what the last one left, and passes on warnings', async () => {
    const seen: string[] = [];
    const looking = step('look', 'validate', ({ object }) => {
      seen.push(Object.keys(object?.metadata.labels ?? {}).join());
      return { allowed: true };
    });
    const cluster = await startCluster({ admission: [looking, labelled('one'), labelled('two')] });
    const { warnings } = await cluster.request('create', maps, { body: configMap('a') });
    expect(seen).toEqual(['one,two']);
    expect(warnings).toEqual(['one was here', 'two was here']);
  });

  it('is told all about the request', async () => {
    const requests: AdmissionRequest[] = [];
    const noting = step('note', 'validate', (request) => {
      requests.push(request);
      return { allowed: true };
    });
    const cluster = await startCluster({ admission: [noting] });
    const created = await cluster.create(maps, configMap('a'));
    await cluster.patch(`${maps}/a`, 'merge', { data: { x: '1' } }, { dryRun: true });
    await cluster.remove(`${maps}/a`);
    expect(
      requests.map(({ operation, dryRun, object, oldObject, path }) => [
        operation,
        dryRun,
        path.name,
        !!object,
        !!oldObject,
      ]),
    ).toEqual([
      ['CREATE', false, 'a', true, false],
      ['UPDATE', true, 'a', true, true],
      ['DELETE', false, 'a', false, true],
    ]);
    expect(requests[0]).toMatchObject({
      kind: { group: '', version: 'v1', kind: 'ConfigMap' },
      path: { resource: 'configmaps', namespace: 'default' },
      user: { name: 'admin' },
      object: { metadata: { uid: created.metadata.uid } },
    });
    expect(new Set(requests.map(({ uid }) => uid)).size).toBe(3);
  });

  it('refuses with the code and reason of the step, and never with success', async () => {
    const refusing = (code: number, reason?: string) =>
      startCluster({
        admission: [step('no', 'validate', () => ({ allowed: false, code, reason, message: 'not today' }))],
      });
    const tried = async (cluster: Cluster) => refusal(cluster.create(maps, configMap('a')));
    expect(await tried(await refusing(403, 'QuotaExceeded'))).toMatchObject({
      code: 403,
      reason: 'QuotaExceeded',
      message: 'not today',
    });
    const odd = await tried(await refusing(200, 'Whatever'));
    expect(odd.code).toBe(400);
    expect(odd.reason).toBe('Whatever');
  });

  it('decodes again what a step has changed', async () => {
    const breaking = step('break', 'mutate', ({ object }) => ({
      allowed: true,
      object: { ...object, data: { x: 5 } } as never,
    }));
    const cluster = await startCluster({ admission: [breaking] });
    expect((await refusal(cluster.create(maps, configMap('a')))).message).toContain('json: cannot unmarshal number');
  });
});
