/** The plan of the sample application that `flotilla up --demo` runs: nothing changes, and its page says so twice alike. */
import { afterEach, expect, it } from 'vitest';
import { createAll, readScenario } from '#app/demo/scenario.ts';
import { restMapper } from '#client/mapper/mapper.ts';
import type { Flow } from '#harness/flow.ts';
import { planned } from '#harness/migration.ts';
import { totals } from '#migrate/review/counts.ts';
import { systemDisk } from '#world/disk/system.ts';
import { startFleet } from '../simulation/fleet.ts';

let flow: Flow;
afterEach(() => flow?.stop());

it('adopts all of the sample application, and writes the same page of it again', async () => {
  ({ flow } = await startFleet(11));
  const member = flow.member('member1');
  const objects = await readScenario(systemDisk, 'demo');
  await flow.drive(createAll(member, restMapper(member, { clock: flow.clock }), objects));
  await flow.pass(60_000);
  const pageOf = async () => {
    const { plan, disk, folder } = await planned(flow, { scope: {}, to: ['member1', 'member2'] });
    return { plan, page: await disk.readText(`${folder}/README.md`) };
  };
  const { plan, page } = await pageOf();
  expect(totals(plan)).toMatch(/^\d\d adopted, 0 would restart Pods, \d+ left where they are$/);
  expect(plan.objects.filter(({ changes }) => changes)).toEqual([]);
  expect(page).toContain(totals(plan));
  await flow.pass(60_000);
  expect((await pageOf()).page).toBe(page);
});
