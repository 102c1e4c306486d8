import { describe, expect, it } from 'vitest';
import { builtinKind } from '#apis/kubernetes/kinds.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { DeleteOptions } from '#kube/request/request.ts';
import { servedKind } from '../kinds/served.ts';
import { deletesOnUpdate, planDeletion } from './plan.ts';

const now = Date.UTC(2026, 0, 1);
const plain = servedKind(builtinKind('', 'v1', 'ConfigMap')!);
const pods = servedKind(builtinKind('', 'v1', 'Pod')!);

const object = (metadata: KubeObject['metadata'] = {}, more: object = {}) =>
  ({ apiVersion: 'v1', kind: 'X', metadata: { name: 'a', ...metadata }, ...more }) as KubeObject;
const planned = (what: KubeObject, options: DeleteOptions = {}, kind = plain) => planDeletion(kind, what, options, now);
const metadataOf = (what: KubeObject, options: DeleteOptions = {}, kind = plain) => {
  const plan = planned(what, options, kind);
  return { outcome: plan.outcome, ...plan.object.metadata };
};

describe('the deletion of an ordinary object', () => {
  it('is complete at once without finalizers', () => {
    expect(planned(object()).outcome).toBe('remove');
    expect(planned(object(), { propagationPolicy: 'Background' }).outcome).toBe('remove');
  });

  it('waits for finalizers, marked once', () => {
    const held = object({ finalizers: ['example.com/x'], generation: 3 });
    const first = planned(held);
    expect(first).toMatchObject({
      outcome: 'mark',
      object: { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: 0, generation: 4 } },
    });
    expect(planDeletion(plain, first.object, {}, now + 60_000).object).toBe(first.object);
  });

  it.each([
    [{ propagationPolicy: 'Orphan' }, ['orphan']],
    [{ orphanDependents: true }, ['orphan']],
    [{ propagationPolicy: 'Foreground' }, ['foregroundDeletion']],
  ] as const)('leaves dependents to the garbage collector: %j', (options, finalizers) => {
    expect(metadataOf(object(), options)).toMatchObject({ outcome: 'mark', finalizers });
  });

  it('follows a changed wish, and what the object says when there is none', () => {
    const foreground = planned(object(), { propagationPolicy: 'Foreground' }).object;
    expect(planned(foreground).object).toBe(foreground);
    expect(planned(foreground, { propagationPolicy: 'Background' }).outcome).toBe('remove');
    expect(metadataOf(foreground, { propagationPolicy: 'Orphan' }).finalizers).toEqual(['orphan']);
    expect(planned(object({ finalizers: ['orphan'] })).outcome).toBe('mark');
  });
});

describe('the deletion of a Pod', () => {
  const running = (metadata = {}, spec = {}) =>
    object(metadata, {
      spec: { nodeName: 'n', terminationGracePeriodSeconds: 30, ...spec },
      status: { phase: 'Running' },
    });

  it('gives it the time it asks for', () => {
    expect(metadataOf(running({ generation: 1 }), {}, pods)).toMatchObject({
      outcome: 'mark',
      deletionTimestamp: '2026-01-01T00:00:30Z',
      deletionGracePeriodSeconds: 30,
      generation: 2,
    });
    expect(metadataOf(running(), { gracePeriodSeconds: 5 }, pods).deletionGracePeriodSeconds).toBe(5);
    expect(metadataOf(running(), { gracePeriodSeconds: -1 }, pods).deletionGracePeriodSeconds).toBe(1);
  });

  it('is immediate for one that nobody runs, or that has ended', () => {
    expect(planned(running({}, { nodeName: undefined }), {}, pods).outcome).toBe('remove');
    expect(planned(object({}, { spec: { nodeName: 'n' }, status: { phase: 'Succeeded' } }), {}, pods).outcome).toBe(
      'remove',
    );
    expect(planned(running(), { gracePeriodSeconds: 0 }, pods).outcome).toBe('remove');
  });

  it('can be made shorter, not longer; the kubelet ends it with zero', () => {
    const terminating = planned(running(), {}, pods).object;
    expect(planned(terminating, { gracePeriodSeconds: 60 }, pods)).toEqual({ outcome: 'mark', object: terminating });
    expect(planned(terminating, {}, pods).object).toBe(terminating);
    expect(metadataOf(terminating, { gracePeriodSeconds: 10 }, pods)).toMatchObject({
      outcome: 'mark',
      deletionTimestamp: '2026-01-01T00:00:10Z',
      deletionGracePeriodSeconds: 10,
    });
    expect(planned(terminating, { gracePeriodSeconds: 0 }, pods).outcome).toBe('remove');
  });

  it('still waits for finalizers after the kubelet is done', () => {
    const held = planned(running({ finalizers: ['example.com/x'] }), { gracePeriodSeconds: 0 }, pods);
    expect(held).toMatchObject({ outcome: 'mark', object: { metadata: { deletionGracePeriodSeconds: 0 } } });
    const released = object({ ...held.object.metadata, finalizers: [] });
    expect(deletesOnUpdate(pods, released, held.object)).toBe(true);
    const stillRunning = planned(running({ finalizers: ['example.com/x'] }), {}, pods).object;
    expect(deletesOnUpdate(pods, object({ ...stillRunning.metadata, finalizers: [] }), stillRunning)).toBe(false);
  });
});
