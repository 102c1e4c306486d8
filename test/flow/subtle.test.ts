/**
 * The behaviours that are easy to miss (compatibility.md section 14), by its numbers.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { featureGates } from '#app/components/settings.ts';
import { type Flow, startFlow } from '#harness/flow.ts';
import type { Anything } from '#harness/kubectl.ts';
import { applied, bindingOf, handsOn, nginx, policyFor } from '#harness/samples.ts';

let flow: Flow;
afterEach(() => flow?.stop());

const requesting = (cpu: string, replicas: number): Anything => ({
  ...nginx,
  spec: {
    ...nginx.spec,
    replicas,
    template: {
      ...nginx.spec.template,
      spec: { containers: [{ ...nginx.spec.template.spec.containers[0], resources: { requests: { cpu } } }] },
    },
  },
});

describe('14. RB webhook updates FRQ status as a side effect', () => {
  const quota: Anything = {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'FederatedResourceQuota',
    metadata: { namespace: 'default', name: 'q' },
    spec: { overall: { cpu: '1' } },
  };

  it('and refuses what is too much; a deletion gives back', async () => {
    flow = await startFlow({ settings: { gates: { ...featureGates, FederatedQuotaEnforcement: true } } });
    const { control } = handsOn(flow);
    await control.apply(quota);
    const web = requesting('300m', 2);
    await control.apply(web);
    await control.apply(policyFor('pp', [web]));
    await applied(flow, web);
    const statusOf = async () => (await control.get(quota)).status;
    expect(await statusOf()).toEqual({ overall: { cpu: '1' }, overallUsed: { cpu: '600m' } });
    const charges = flow.writes.filter(({ request }) => request.path.resource === 'federatedresourcequotas');
    expect(charges.map(({ component }) => component)).toEqual(['karmada-controller-manager']);

    const binding = bindingOf(web);
    const more = async (dryRun: boolean, replicas: number) => {
      const live = await control.get(binding);
      const clusters = [{ name: 'member1', replicas }];
      return flow.control
        .resource({
          group: 'work.karmada.io',
          version: 'v1alpha2',
          kind: 'ResourceBinding',
          resource: 'resourcebindings',
          namespaced: true,
        })
        .update({ ...live, spec: { ...live.spec, clusters } } as never, { dryRun });
    };
    await more(true, 3);
    expect((await statusOf()).overallUsed).toEqual({ cpu: '600m' });
    await expect(more(true, 4)).rejects.toMatchObject({
      status: {
        code: 403,
        reason: 'QuotaExceeded',
        message:
          'admission webhook "resourcebinding.karmada.io" denied the request: FederatedResourceQuota(default/q) exceeded for resource cpu: requested sum 1200m, limit 1.',
      },
    });

    await control.scale(web, 5);
    await flow.pass(5_000);
    expect((await control.get(binding)).spec.clusters).toEqual([{ name: 'member1', replicas: 2 }]);
    await control.delete(web);
    await flow.until('nothing is used', async () => (await statusOf()).overallUsed?.cpu === undefined);
  });
});
