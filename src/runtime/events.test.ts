import { describe, expect, it } from 'vitest';
import type { Event } from '#apis/kubernetes/types.ts';
import { inProcessClient } from '#client/in-process.ts';
import { memoryHandler } from '#harness/memory-handler.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { forbidden, serviceUnavailable } from '#kube/status/errors.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { eventBroadcaster } from './events.ts';
import { createMetrics } from './telemetry/metrics.ts';

const web: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'default', name: 'web', uid: 'u-1', resourceVersion: '7' },
};

function setUp() {
  const clock = simulatedClock();
  const metrics = createMetrics();
  const handler = memoryHandler({ clock });
  const client = inProcessClient({ name: 'test', handler, user: { name: 'tester', groups: [] }, clock });
  const broadcaster = eventBroadcaster({ client, clock, metrics });
  const recorder = broadcaster.recorder('binding-controller');
  const written = () => handler.objects('events') as readonly Event[];
  return { clock, metrics, handler, broadcaster, recorder, written };
}

describe('an event recorder', () => {
  it('writes a core/v1 Event as client-go would, a moment later', async () => {
    const { clock, recorder, written } = setUp();
    recorder.event(web, 'Normal', 'SyncSucceed', 'synced');
    await clock.settle();
    expect(written()).toEqual([]);
    await clock.advance(200);
    const [event] = written();
    expect(event!.metadata.name).toMatch(/^web\.[0-9a-f]{16}$/);
    expect(event).toMatchObject({
      metadata: { namespace: 'default' },
      involvedObject: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        namespace: 'default',
        name: 'web',
        uid: 'u-1',
        resourceVersion: '7',
      },
      reason: 'SyncSucceed',
      message: 'synced',
      source: { component: 'binding-controller' },
      reportingComponent: 'binding-controller',
      type: 'Normal',
      count: 1,
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:00Z',
    });
  });

  it('counts what is repeated: in memory first, then on the server', async () => {
    const { clock, recorder, written, handler } = setUp();
    for (let i = 0; i < 3; i++) recorder.event(web, 'Warning', 'SyncFailed', 'no');
    await clock.advance(5_000);
    recorder.event(web, 'Warning', 'SyncFailed', 'no');
    await clock.advance(5_000);
    expect(written()).toHaveLength(1);
    expect(written()[0]).toMatchObject({
      count: 4,
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:05Z',
    });
    expect(handler.requests.map(({ verb }) => verb)).toEqual(['create', 'patch']);
  });

  it('gathers repeats for longer than news, and lets news pass', async () => {
    const { clock, recorder, written, handler } = setUp();
    recorder.event(web, 'Normal', 'SyncSucceed', 'synced');
    await clock.advance(200);
    for (let i = 0; i < 9; i++) {
      recorder.event(web, 'Normal', 'SyncSucceed', 'synced');
      await clock.advance(150);
    }
    recorder.event(web, 'Warning', 'SyncFailed', 'no');
    await clock.advance(200);
    expect(written()).toMatchObject([{ count: 1 }, { reason: 'SyncFailed' }]);
    await clock.advance(2_000);
    expect(written()[0]).toMatchObject({ count: 10 });
    expect(handler.requests.map(({ verb }) => verb)).toEqual(['create', 'create', 'patch']);
  });

  it('begins anew when the event has expired on the server', async () => {
    const { clock, recorder, written, handler } = setUp();
    recorder.event(web, 'Normal', 'SyncSucceed', 'synced');
    await clock.advance(200);
    handler.remove('events', `default/${written()[0]!.metadata.name}`);
    recorder.event(web, 'Normal', 'SyncSucceed', 'synced');
    await clock.advance(2_200);
    expect(written()).toMatchObject([{ count: 1 }]);
  });

  it('combines many similar ones and bounds the writes about one object', async () => {
    const { clock, recorder, written, metrics } = setUp();
    for (let i = 0; i < 60; i++) {
      recorder.event(web, 'Warning', 'SyncFailed', `attempt ${i}`);
      await clock.advance(2_500);
    }
    expect(written()).toHaveLength(11);
    expect(written().at(-1)).toMatchObject({ message: '(combined from similar events): attempt 24', count: 15 });
    expect(metrics.text()).toContain(
      'flotilla_events_dropped_total{component="binding-controller",reason="rate_bound"} 35\n',
    );
    recorder.event(
      { ...web, metadata: { ...web.metadata, name: 'other', uid: 'u-2' } },
      'Normal',
      'SyncSucceed',
      'synced',
    );
    await clock.advance(200);
    expect(written()).toHaveLength(12);
  });

  it('drops beyond its buffer, and what the server refuses; tries again what it could not reach', async () => {
    const { clock, recorder, written, handler, metrics } = setUp();
    for (let i = 0; i < 20_010; i++) {
      recorder.event({ ...web, metadata: { name: `c${i}`, uid: `c-${i}` } }, 'Normal', 'SyncSucceed', 'synced');
    }
    handler.failNext('create', forbidden({ group: '', resource: 'events' }, '', 'no'), 1);
    handler.failNext('create', serviceUnavailable('away'), 2);
    await clock.advance(200);
    expect(written()).toHaveLength(19_997);
    await clock.advance(10_000);
    expect(written()).toHaveLength(19_999);
    expect(written()[0]!.metadata.namespace).toBe('default');
    expect(metrics.text()).toContain('reason="buffer_full"} 10\n');
    expect(metrics.text()).toContain('reason="refused"} 1\n');
  });

  it('counts what comes while the server cannot be reached', async () => {
    const { clock, recorder, written, handler } = setUp();
    handler.failNext('create', serviceUnavailable('away'), 1);
    recorder.event(web, 'Warning', 'SyncFailed', 'no');
    await clock.advance(1_000);
    recorder.event(web, 'Warning', 'SyncFailed', 'no');
    await clock.advance(5_000);
    expect(written()).toMatchObject([
      { count: 2, firstTimestamp: '2026-01-01T00:00:00Z', lastTimestamp: '2026-01-01T00:00:01Z' },
    ]);
  });

  it('gives names that an Event may have', async () => {
    const { clock, recorder, written } = setUp();
    recorder.event({ ...web, metadata: { name: 'system:node', uid: 'u-3' } }, 'Normal', 'X', 'x');
    recorder.event({ ...web, metadata: { name: 'a'.repeat(253), uid: 'u-4' } }, 'Normal', 'X', 'x');
    await clock.advance(200);
    const names = written().map(({ metadata }) => metadata.name!);
    expect(names[0]).toMatch(/^u-3\.[0-9a-f]+$/);
    expect(names[1]).toMatch(/^a{236}\.[0-9a-f]{16}$/);
  });

  it('writes what waits before it stops', async () => {
    const { recorder, broadcaster, written } = setUp();
    recorder.event(web, 'Normal', 'SyncSucceed', 'synced');
    await broadcaster.stop();
    recorder.event(web, 'Normal', 'SyncSucceed', 'too late');
    expect(written()).toHaveLength(1);
  });
});
