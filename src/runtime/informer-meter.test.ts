import { expect, it } from 'vitest';
import { inProcessClient } from '#client/in-process.ts';
import { informerFactory } from '#client/informer/factory.ts';
import { memoryHandler } from '#harness/memory-handler.ts';
import { serviceUnavailable } from '#kube/status/errors.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { informerHooks } from './informer-meter.ts';
import { createLog } from './telemetry/log.ts';
import { createMetrics } from './telemetry/metrics.ts';

it('counts and logs lists, failures and handlers that throw', async () => {
  const clock = simulatedClock();
  const metrics = createMetrics();
  const lines: string[] = [];
  const log = createLog({ clock, write: (line) => lines.push(line), format: 'text', level: 'debug' });
  const handler = memoryHandler({ clock });
  const client = inProcessClient({ name: 'member1', handler, user: { name: 'tester', groups: [] }, clock });
  const hooks = informerHooks('member1', metrics, log);
  const factory = informerFactory(client, { clock, random: seededRandom(1), hooks });
  handler.failNext('watch', serviceUnavailable('away'));
  handler.put('things', { apiVersion: 'x.io/v1', kind: 'Thing', metadata: { namespace: 'a', name: 'b' } });
  const things = { group: 'x.io', version: 'v1', kind: 'Thing', resource: 'things', namespaced: true };
  factory.informer(things).onChange(() => {
    throw new TypeError('a defect');
  });
  await clock.advance(1_000);
  const text = metrics.text();
  for (const name of ['lists', 'failures', 'handler_failures']) {
    expect(text).toContain(`flotilla_informer_${name}_total{cluster="member1",resource="things.x.io"} 1\n`);
  }
  expect(
    lines.map((line) =>
      line
        .split('\n')[0]!
        .replace(/retryMs=\d+/, 'retryMs=…')
        .slice(13),
    ),
  ).toEqual([
    'ERROR Cannot list or watch cluster=member1 resource=things.x.io retryMs=… error=away',
    'ERROR A handler of changes failed cluster=member1 resource=things.x.io error="a defect"',
    'DEBUG Listed cluster=member1 resource=things.x.io objects=1 ms=0',
  ]);
});
