import { describe, expect, it } from 'vitest';
import { amountsIn } from '#apis/kubernetes/quota/amounts.ts';
import type { FederatedResourceQuota } from '#apis/policy/federated-resource-quota.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { AdmissionRequest } from '#kube/admission/review.ts';
import { conflict } from '#kube/status/errors.ts';
import { charged, chargeQuotas } from './charge.ts';

const quota = (name: string, overall: object, overallUsed: object = {}) =>
  ({ metadata: { namespace: 'shop', name }, spec: { overall }, status: { overallUsed } }) as FederatedResourceQuota;

describe('charged', () => {
  it('writes to every quota what it limits, and to no other', () => {
    const quotas = [
      quota('a', { cpu: '4' }, { cpu: '1' }),
      quota('b', { cpu: '9', memory: '1Gi' }),
      quota('c', { pods: '1' }),
    ];
    const result = charged(quotas, amountsIn({ cpu: '2', memory: '512Mi' }));
    expect('quotas' in result && result.quotas.map(({ metadata, status }) => [metadata.name, status])).toEqual([
      ['a', { overallUsed: { cpu: '3' } }],
      ['b', { overallUsed: { cpu: '2', memory: '512Mi' } }],
    ]);
  });

  it('lets go what is used less, and what was too much before and is no more now', () => {
    const lowered = [quota('a', { cpu: '4', memory: '1Gi' }, { cpu: '8', memory: '2Gi' })];
    const used = (change: object) => {
      const result = charged(lowered, amountsIn(change as Readonly<Record<string, string>>));
      return 'quotas' in result ? result.quotas[0]?.status?.overallUsed : result.refusal;
    };
    expect(used({ cpu: '-2' })).toEqual({ cpu: '6', memory: '2Gi' });
    expect(used({ cpu: '-5', memory: '1' })).toContain('for resource memory');
    expect(used({ cpu: '-2', memory: '-1Gi' })).toEqual({ cpu: '6', memory: '1Gi' });
  });

  it('refuses what is too much for one of them, in the words of the reference', () => {
    const quotas = [quota('a', { cpu: '9' }), quota('b', { cpu: '3', memory: '1Gi' }, { cpu: '2500m' })];
    expect(charged(quotas, amountsIn({ cpu: '1', memory: '512Mi' }))).toEqual({
      refusal: 'FederatedResourceQuota(shop/b) exceeded for resource cpu: requested sum 3500m, limit 3.',
    });
    expect(charged(quotas, amountsIn({ cpu: '-1' }))).toHaveProperty('quotas');
  });
});

describe('chargeQuotas', () => {
  /** A server with one quota; `conflicts` of the first updates are refused. */
  function server(conflicts: number) {
    let held = quota('a', { cpu: '10' });
    let [updates, under] = [0, 0];
    const resource = {
      list: async () => ({ items: [held] }),
      update: async (next: FederatedResourceQuota, { dryRun }: { readonly dryRun: boolean }) => {
        expect(++under).toBe(1);
        await Promise.resolve();
        under--;
        if (++updates <= conflicts) throw conflict({ group: 'policy.karmada.io', resource: 'x' }, 'a', 'changed');
        if (!dryRun) held = next;
        return next;
      },
    };
    const client = () => ({ resource: () => resource }) as unknown as ApiClient;
    return { charge: chargeQuotas(client), used: () => held.status?.overallUsed, updates: () => updates };
  }
  const request = (replicas: number, before?: number, dryRun = false) => {
    const binding = (count: number) => ({
      metadata: { namespace: 'shop', name: 'b' },
      spec: { replicaRequirements: { resourceRequest: { cpu: '1' } }, clusters: [{ name: 'm', replicas: count }] },
    });
    return {
      object: binding(replicas),
      ...(before === undefined ? {} : { oldObject: binding(before) }),
      dryRun,
    } as unknown as AdmissionRequest;
  };

  it('charges one after another in a namespace, so that none is lost', async () => {
    const { charge, used } = server(0);
    const answers = await Promise.all([1, 2, 3, 4, 5].map((replicas) => charge(request(replicas))));
    expect(answers.filter(({ allowed }) => allowed).length).toBe(4);
    expect(answers.at(-1)).toEqual({
      allowed: false,
      code: 403,
      reason: 'QuotaExceeded',
      message: 'FederatedResourceQuota(shop/a) exceeded for resource cpu: requested sum 15, limit 10.',
    });
    expect(used()).toEqual({ cpu: '10' });
  });

  it('charges a difference, nothing where there is none, and nothing for good on a dry run', async () => {
    const { charge, used, updates } = server(0);
    await charge(request(4));
    await charge(request(3, 4));
    expect(used()).toEqual({ cpu: '3' });
    await charge(request(3, 3));
    expect(updates()).toBe(2);
    await charge(request(6, 3, true));
    expect(used()).toEqual({ cpu: '3' });
    expect(await charge(request(20, 3, true))).toMatchObject({ allowed: false });
  });

  it('tries again where somebody else charged meanwhile, but not for ever', async () => {
    const some = server(4);
    expect(await some.charge(request(2))).toEqual({ allowed: true });
    expect(some.used()).toEqual({ cpu: '2' });
    const many = server(9);
    await expect(many.charge(request(2))).rejects.toThrow('changed');
    expect(many.updates()).toBe(5);
  });

  it('charges no quota twice because another one was changed meanwhile', async () => {
    const held = new Map(
      [quota('a', { cpu: '10' }), quota('b', { cpu: '10' })].map((each) => [each.metadata.name!, each]),
    );
    let refusals = 1;
    const resource = {
      list: async () => ({ items: [...held.values()] }),
      update: async (next: FederatedResourceQuota) => {
        if (next.metadata.name === 'b' && refusals-- > 0)
          throw conflict({ group: 'policy.karmada.io', resource: 'x' }, 'b', 'changed');
        held.set(next.metadata.name!, next);
        return next;
      },
    };
    await chargeQuotas(() => ({ resource: () => resource }) as unknown as ApiClient)(request(2));
    expect(Array.from(held.values(), ({ status }) => status?.overallUsed)).toEqual([{ cpu: '2' }, { cpu: '2' }]);
  });
});
