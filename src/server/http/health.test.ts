import { describe, expect, it } from 'vitest';
import { type Phase, standardChecks } from './checks.ts';
import { createHealth, type HealthCheck } from './health.ts';

const query = (text = '') => new URLSearchParams(text);
const failing: HealthCheck = {
  name: 'storage',
  live: false,
  check: () => {
    throw new Error('the disk is full');
  },
};
const fine: HealthCheck = { name: 'kinds', live: true, check: async () => {} };

describe('health endpoints', () => {
  it('say ok when all is well, and what was looked at when asked', async () => {
    const { answer } = createHealth([fine]);
    expect(await answer('/readyz', query())).toMatchObject({ code: 200, body: 'ok' });
    expect(await answer('/healthz', query('verbose'))).toMatchObject({
      code: 200,
      body: '[+]ping ok\n[+]kinds ok\nhealthz check passed\n',
    });
  });

  it('say what is wrong, for readiness where a restart would not help', async () => {
    const { answer } = createHealth([fine, failing]);
    expect(await answer('/livez', query())).toMatchObject({ code: 200 });
    expect(await answer('/readyz', query())).toMatchObject({
      code: 500,
      body: '[+]ping ok\n[+]kinds ok\n[-]storage failed: reason withheld\nreadyz check failed\n',
    });
    expect(await answer('/readyz', query('exclude=storage'))).toMatchObject({ code: 200 });
    expect(await answer('/readyz', query('verbose&exclude=storage&exclude=other'))).toMatchObject({
      body:
        '[+]ping ok\n[+]kinds ok\n[+]storage excluded: ok\n' +
        'warn: some health checks cannot be excluded: no matches for "other"\nreadyz check passed\n',
    });
  });

  it('answer single checks', async () => {
    const { answer } = createHealth([fine, failing]);
    expect(await answer('/readyz/kinds', query())).toMatchObject({ code: 200, body: 'ok' });
    expect(await answer('/readyz/storage', query())).toMatchObject({
      code: 500,
      body: 'internal server error: the disk is full\n',
    });
    expect(await answer('/readyz/other', query())).toBeUndefined();
    expect(await answer('/version', query())).toBeUndefined();
  });

  it('have the names that probes ask for, and follow the server through its life', async () => {
    let phase: Phase = 'starting';
    let fails = false;
    const durable = async () => {
      if (fails) throw new Error('the disk is full');
    };
    const { answer, paths } = createHealth(
      standardChecks({ storage: { revision: () => 1, durable }, phase: () => phase }),
    );
    const code = async (path: string) => (await answer(path, query()))?.code;
    expect(await code('/readyz')).toBe(500);
    expect(await code('/livez/etcd')).toBe(200);
    phase = 'serving';
    expect(await code('/readyz')).toBe(200);
    expect(await code('/readyz/poststarthook/rbac/bootstrap-roles')).toBe(200);
    expect(await code('/livez/etcd-readiness')).toBeUndefined();
    expect(paths()).toContain('/readyz/shutdown');
    fails = true;
    expect(await code('/livez')).toBe(500);
    [fails, phase] = [false, 'stopping'];
    expect([await code('/livez'), await code('/readyz')]).toEqual([200, 500]);
  });
});
