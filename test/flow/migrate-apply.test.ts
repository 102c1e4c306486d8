/** A plan of what lives in a member is applied: as a whole, cut anywhere and resumed, stopped, refused, taken back. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Pod } from '#apis/kubernetes/types.ts';
import { Pods } from '#apis/kubernetes/types.ts';
import type { Flow } from '#harness/flow.ts';
import { type Anything, kubectl } from '#harness/kubectl.ts';
import { type Applying, applying, type Planned, password, planned, shop } from '#harness/migration.ts';
import { bindingOf, handsOn } from '#harness/samples.ts';
import { stateOf } from '#migrate/record/record.ts';
import { readRecord } from '#migrate/record/store.ts';
import { startFleet } from '../simulation/fleet.ts';

let flow: Flow;
afterEach(() => flow?.stop());

/** Pods by uid, CronJobs' apart: two lists are alike when none was replaced. */
async function podsOf(name = 'member1'): Promise<readonly string[]> {
  const { items } = await flow.member(name).resource<Pod>(Pods).list({ namespace: 'shop' });
  return items.map(({ metadata }) => `${metadata.name} ${metadata.uid}`).sort();
}

/** The shop runs in member1, its autoscaler has scaled, and a plan of it is made. */
async function running(objects: readonly Anything[] = shop): Promise<Planned & { readonly pods: readonly string[] }> {
  ({ flow } = await startFleet(11));
  const { member1 } = handsOn(flow);
  for (const object of objects) await flow.drive(member1.apply(object));
  await flow.until('clusters are ready', async () => {
    const clusters = await kubectl(flow.control).list('cluster.karmada.io/v1alpha1', 'Cluster');
    return clusters.every((each) =>
      each.status?.conditions?.some((one: Anything) => one.type === 'Ready' && one.status === 'True'),
    );
  });
  await flow.pass(30_000);
  const made = await planned(flow);
  return { ...made, pods: await podsOf() };
}

const apply = (made: Planned, options: Applying = {}) => flow.drive(applying(flow, made, options));

describe('migrate apply', () => {
  it('takes over everything of the plan, and no Pod is replaced', async () => {
    const made = await running();
    const outcome = await apply(made);
    expect(outcome).toMatchObject({ is: 'applied', leftOut: [] });
    const { control, member1 } = handsOn(flow);
    for (const object of shop) {
      const binding = await control.get(bindingOf(object));
      expect(binding.status.aggregatedStatus, object.metadata.name).toMatchObject([
        { applied: true, clusterName: 'member1' },
      ]);
      expect((await member1.get(object)).metadata.labels['karmada.io/managed']).toBe('true');
    }
    const secret = await control.get(shop.find(({ kind }) => kind === 'Secret')!);
    expect(Buffer.from(secret.data.word, 'base64').toString()).toBe(password);
    const scaled = shop.find(({ metadata }) => metadata.name === 'scaled')!;
    expect((await member1.get(scaled)).spec.replicas).toBe(3);
    expect(await podsOf()).toEqual(made.pods);
    expect(stateOf((await readRecord(flow.control, 'shop'))!)).toBe('applied');
    expect(await apply(made)).toMatchObject({ is: 'already' });
  });
});
