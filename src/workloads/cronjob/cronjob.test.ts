import { describe, expect, it } from 'vitest';
import { type CronJob, CronJobs, Jobs } from '#apis/kubernetes/types.ts';
import { startTestCluster, type TestCluster } from '../workloads.cases.ts';
import { parseSchedule } from './schedule.ts';

const at = (text: string) => Date.parse(text);
const nextOf = (schedule: string, after: string, timeZone?: string) => {
  const next = parseSchedule(schedule, timeZone).next(at(after));
  return next === undefined ? undefined : new Date(next).toISOString();
};

describe('a schedule', () => {
  it.each([
    ['*/15 * * * *', '2026-01-01T00:00:00Z', '2026-01-01T00:15:00.000Z'],
    ['0 3 * * mon-fri', '2026-01-02T03:00:00Z', '2026-01-05T03:00:00.000Z'],
    ['30 4 1,15 * 5', '2026-01-02T05:00:00Z', '2026-01-09T04:30:00.000Z'],
    ['0 0 29 feb *', '2026-01-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['@hourly', '2026-01-01T00:59:59Z', '2026-01-01T01:00:00.000Z'],
    ['@every 1h30m', '2026-01-01T00:00:00Z', '2026-01-01T01:30:00.000Z'],
    ['5-10/2 * * * ?', '2026-01-01T00:06:00Z', '2026-01-01T00:07:00.000Z'],
  ])('%s', (schedule, after, next) => expect(nextOf(schedule, after)).toBe(next));

  it('is meant in its time zone', () => {
    expect(nextOf('0 8 * * *', '2026-01-01T00:00:00Z', 'Asia/Kolkata')).toBe('2026-01-01T02:30:00.000Z');
    expect(nextOf('0 8 * * *', '2026-03-28T12:00:00Z', 'Europe/Berlin')).toBe('2026-03-29T06:00:00.000Z');
  });

  it('that never comes, comes never', () => expect(nextOf('0 0 31 2 *', '2026-01-01T00:00:00Z')).toBeUndefined());

  it.each(['* * * *', '60 * * * *', 'x * * * *', '1-0 * * * *', '*/0 * * * *', '@every soon'])('is not: %s', (text) =>
    expect(() => parseSchedule(text)).toThrow(RangeError),
  );
  it('needs a zone that exists', () => expect(() => parseSchedule('* * * * *', 'Mars/Olympus')).toThrow(RangeError));
});

const key = { namespace: 'default', name: 'tick' };

async function started(spec: Partial<CronJob['spec']> = {}) {
  const cluster = await startTestCluster({ names: ['cronjob', 'job', 'gc'] });
  const jobTemplate = {
    spec: { template: { spec: { restartPolicy: 'Never' as const, containers: [{ name: 'main', image: 'busybox' }] } } },
  };
  await cluster.client.resource(CronJobs).create({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: key,
    spec: { schedule: '*/5 * * * *', jobTemplate, ...spec },
  });
  await cluster.settle();
  return cluster;
}

const jobs = async ({ client }: TestCluster) => (await client.resource(Jobs).list({ namespace: 'default' })).items;
const current = ({ client }: TestCluster) => client.resource(CronJobs).get(key);

describe('a CronJob', () => {
  it('starts a Job at its time, and notes what runs and what was', async () => {
    const cluster = await started();
    expect(await jobs(cluster)).toEqual([]);
    await cluster.clock.advance(5 * 60_000);
    const [job] = await jobs(cluster);
    expect(job!.metadata).toMatchObject({
      name: `tick-${at('2026-01-01T00:05:00Z') / 60_000}`,
      annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-01-01T00:05:00Z' },
      ownerReferences: [{ kind: 'CronJob', name: 'tick', controller: true }],
    });
    expect((await current(cluster)).status).toMatchObject({
      active: [{ kind: 'Job', name: job!.metadata.name }],
      lastScheduleTime: '2026-01-01T00:05:00Z',
    });
    await cluster.finish((await cluster.pods())[0]!, 'Succeeded');
    expect((await current(cluster)).status).toEqual({
      lastScheduleTime: '2026-01-01T00:05:00Z',
      lastSuccessfulTime: '2026-01-01T00:05:00Z',
    });
    await cluster.restart();
    expect(await jobs(cluster)).toHaveLength(1);
  });

  it('does not start a second while one runs, if so asked; or starts it in its place', async () => {
    const forbidding = await started({ concurrencyPolicy: 'Forbid' });
    await forbidding.clock.advance(10 * 60_000);
    expect(await jobs(forbidding)).toHaveLength(1);
    const replacing = await started({ concurrencyPolicy: 'Replace' });
    await replacing.clock.advance(10 * 60_000);
    expect((await jobs(replacing)).map(({ metadata }) => metadata.name)).toEqual([
      `tick-${at('2026-01-01T00:10:00Z') / 60_000}`,
    ]);
  });

  it('keeps only so many that have ended', async () => {
    const cluster = await started({ successfulJobsHistoryLimit: 1 });
    for (let round = 0; round < 3; round++) {
      await cluster.clock.advance(5 * 60_000);
      for (const pod of await cluster.pods())
        if (pod.status?.phase === 'Running') await cluster.finish(pod, 'Succeeded');
    }
    expect(await jobs(cluster)).toHaveLength(1);
  });

  it('while suspended starts nothing', async () => {
    const cluster = await started({ suspend: true });
    await cluster.clock.advance(20 * 60_000);
    expect(await jobs(cluster)).toEqual([]);
  });
});
