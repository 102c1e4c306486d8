import { describe, expect, it } from 'vitest';
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
      body: '[+]ping ok\n[+]kinds ok\n[-]storage failed: the disk is full\nreadyz check failed\n',
    });
    expect(await answer('/readyz', query('exclude=storage'))).toMatchObject({ code: 200 });
  });

  it('answer single checks', async () => {
    const { answer } = createHealth([fine, failing]);
    expect(await answer('/readyz/kinds', query())).toMatchObject({ code: 200, body: 'ok' });
    expect(await answer('/readyz/storage', query())).toMatchObject({ code: 500 });
    expect(await answer('/readyz/other', query())).toBeUndefined();
    expect(await answer('/version', query())).toBeUndefined();
  });
});
