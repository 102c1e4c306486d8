import { describe, expect, it } from 'vitest';
import { notFound } from '#kube/status/errors.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { healthChecks } from '../health.ts';
import { serveTelemetry } from '../serve.ts';
import { createLog, silentLog } from './log.ts';
import { createMetrics, type MetricDefinition } from './metrics.ts';
import { metric } from './names.ts';

describe('metrics', () => {
  it('speaks the Prometheus text format', () => {
    const metrics = createMetrics();
    metrics.counter(metric.policyAttempts, { result: 'success' }).add();
    metrics.counter(metric.policyAttempts, { result: 'success' }).add(2);
    metrics.gauge(metric.clusterReady, { member_cluster: 'a"b\\c\nd' }).set(1);
    metrics.watchedGauge(metric.isLeader, { name: 'x' }, () => 7);
    const seconds = metrics.histogram(
      { type: 'histogram', name: 'seconds', help: 'Two\nlines.', labels: [], buckets: [0.1, 1] },
      {},
    );
    for (const value of [0.05, 0.1, 0.5, 5]) seconds.observe(value);
    expect(metrics.text()).toBe(
      [
        '# HELP policy_apply_attempts_total Attempts to apply a policy to a template.',
        '# TYPE policy_apply_attempts_total counter',
        'policy_apply_attempts_total{result="success"} 3',
        '# HELP cluster_ready_state 1 when the cluster is ready, else 0.',
        '# TYPE cluster_ready_state gauge',
        'cluster_ready_state{member_cluster="a\\"b\\\\c\\nd"} 1',
        '# HELP leader_election_master_status 1 while this process leads, else 0.',
        '# TYPE leader_election_master_status gauge',
        'leader_election_master_status{name="x"} 7',
        '# HELP seconds Two\\nlines.',
        '# TYPE seconds histogram',
        'seconds_bucket{le="0.1"} 2',
        'seconds_bucket{le="1"} 3',
        'seconds_bucket{le="+Inf"} 4',
        'seconds_sum 5.65',
        'seconds_count 4',
        '',
      ].join('\n'),
    );
  });

  it('writes bounds as Go does', () => {
    const metrics = createMetrics();
    metrics.histogram(metric.queueSeconds, { name: 'q', controller: 'q' });
    const bounds = Array.from(metrics.text().matchAll(/_bucket{.*le="(.*)"}/g), ([, bound]) => bound);
    expect(bounds.join(' ')).toBe('1e-08 1e-07 1e-06 1e-05 0.0001 0.001 0.01 0.1 1 10 100 1000 +Inf');
  });

  it('forgets a cluster that left', () => {
    const metrics = createMetrics();
    for (const member_cluster of ['member1', 'member2']) metrics.gauge(metric.clusterNodes, { member_cluster }).set(3);
    metrics.forget('member_cluster', 'member1');
    expect(metrics.text()).not.toContain('member1');
    expect(metrics.text()).toContain('member2');
  });

  it('keeps sums right beyond the limit of series', () => {
    const metrics = createMetrics();
    const definition: MetricDefinition<'key'> = { type: 'counter', name: 'many', help: 'Many.', labels: ['key'] };
    for (let i = 0; i < 2_500; i++) metrics.counter(definition, { key: `k${i}` }).add();
    const values = metrics
      .text()
      .split('\n')
      .filter((line) => line.startsWith('many{'));
    expect(values).toHaveLength(2_001);
    expect(values.at(-1)).toBe('many{key="other"} 500');
  });

  it('has no name twice, and only names Prometheus allows', () => {
    const names = Object.values(metric).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z][a-z0-9_]*$/.test(name))).toEqual([]);
  });
});

describe('log', () => {
  const collect = (format: 'json' | 'text', level: 'info' | 'debug' = 'info') => {
    const lines: string[] = [];
    return { lines, log: createLog({ clock: simulatedClock(), write: (line) => lines.push(line), format, level }) };
  };

  it('writes JSON lines with constant messages and keys, those said before pino is there included', async () => {
    const { lines, log } = collect('json');
    log.with({ controller: 'binding' }).info('Reconciled', { key: 'default/web', n: 3 });
    log.debug('not at this level');
    expect(lines).toEqual([]);
    await expect.poll(() => lines.length).toBe(1);
    log.error('Failed', notFound({ group: 'apps', resource: 'deployments' }, 'web'));
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        level: 'info',
        time: '2026-01-01T00:00:00.000Z',
        controller: 'binding',
        key: 'default/web',
        n: 3,
        message: 'Reconciled',
      },
      {
        level: 'error',
        time: '2026-01-01T00:00:00.000Z',
        error: 'deployments.apps "web" not found',
        message: 'Failed',
      },
    ]);
  });

  it('writes text for people, stacks of defects below', () => {
    const { lines, log } = collect('text', 'debug');
    log.debug('Looking', { key: 'default/web', reason: 'two words' });
    log.error('Broken', new TypeError('x is not a function'));
    expect(lines[0]).toBe('00:00:00.000 DEBUG Looking key=default/web reason="two words"\n');
    expect(lines[1]).toMatch(/^00:00:00.000 ERROR Broken error="x is not a function"\n {4}at /);
  });

  it('never shows credentials or objects', () => {
    const { lines, log } = collect('text');
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace: 'a', name: 'b' },
      data: { p: 'aHVudGVyMg==' },
    };
    log.info('Said', {
      object: secret,
      nested: { list: [secret], data: { p: 'aHVudGVyMg==' }, 'client-key-data': 'aHVudGVyMg==' },
      token: 'hunter2',
      bearerToken: 'hunter2',
      password: 'hunter2',
      bytes: new Uint8Array(3),
      long: 'x'.repeat(3_000),
    });
    expect(lines[0]).not.toMatch(/aHVudGVyMg|hunter2/);
    expect(lines[0]).toContain('object="Secret a/b"');
    expect(lines[0]).toContain('bytes="[3 bytes]"');
    expect(lines[0]!.length).toBeLessThan(2_500);
  });

  it('has a silent form', () => {
    expect(silentLog.with({})).toBe(silentLog);
  });
});

describe('health and the pages that show it', () => {
  it("answers in kube-apiserver's words", () => {
    const live = healthChecks();
    const ready = healthChecks();
    let synced = false;
    const remove = ready.add('informer-sync', () => (synced ? undefined : 'works.work.karmada.io not synced'));
    ready.add('throws', () => {
      throw new Error('broken check');
    });
    const page = (path: string) => serveTelemetry({ live, ready, metrics: createMetrics() }, path);
    expect(page('/healthz')).toEqual({ code: 200, contentType: 'text/plain; charset=utf-8', body: 'ok' });
    expect(page('/readyz')).toMatchObject({
      code: 500,
      body: '[+]ping ok\n[-]informer-sync failed: works.work.karmada.io not synced\n[-]throws failed: broken check\nreadyz check failed\n',
    });
    expect([...ready.failing().keys()]).toEqual(['informer-sync', 'throws']);
    expect(page('/readyz?exclude=throws&exclude=informer-sync')).toMatchObject({ code: 200, body: 'ok' });
    synced = true;
    expect(page('/readyz?verbose&exclude=throws')!.body).toBe(
      '[+]ping ok\n[+]informer-sync ok\n[+]throws excluded: ok\nreadyz check passed\n',
    );
    remove();
    expect([...ready.failing().keys()]).toEqual(['throws']);
    expect(page('/metrics')).toEqual({ code: 200, contentType: 'text/plain; version=0.0.4; charset=utf-8', body: '' });
    expect(page('/other')).toBeUndefined();
  });
});
