/** A migration is proven, and what others do afterwards is told apart from what it did: one shop, step by step. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Anything } from '#harness/kubectl.ts';
import { applying, evidenceNow, verified } from '#harness/migration.ts';
import { rollingBack } from '#harness/rolled-back.ts';
import { inShop, type RunningShop, runningShop } from '#harness/running-shop.ts';
import { handsOn } from '#harness/samples.ts';
import type { EvidenceSet } from '#migrate/evidence/evidence.ts';
import type { Verification } from '#migrate/verify/verify.ts';

let shop: RunningShop;
let before: EvidenceSet;
const stages = new Map<string, Verification>();

const [front, back, admin, search] = ['front', 'back', 'admin', 'search'].map((name) => inShop('Deployment', name));
const one = inShop('ConfigMap', 'one');
const secret = inShop('Secret', 'password');
/** Base64 of what nobody may read in a report. */
const words = ['Z2VoZWlt', 'YW5kZXJz'];

const look = async (stage: string, away: readonly string[] = []) => {
  stages.set(stage, await verified(shop.flow, shop, before, away));
};
const settled = () => shop.flow.pass(60_000);

/** Of one object in member1, as `is what`. */
const found = (stage: string, { kind, metadata }: Anything) =>
  stages
    .get(stage)!
    .differences.filter(({ object, cluster }) => object === `${kind} shop/${metadata.name}` && cluster === 'member1');

beforeAll(async () => {
  shop = await runningShop({ to: ['member1', 'member2'], alsoThere: [inShop('Namespace', 'shop'), one] });
  const { flow } = shop;
  const { control, member1 } = handsOn(flow);
  before = await evidenceNow(flow, shop);
  await flow.drive(applying(flow, shop, { settings: { pauseAfter: 3 } }));
  await look('paused');
  expect(await flow.drive(applying(flow, shop, { settings: { resume: true } }))).toMatchObject({ is: 'applied' });
  await settled();
  await look('applied');
  await look('unreachable', ['member2']);
  // A rollout of the user's own, another in the cluster, and edits of what templates say and do not say.
  await flow.drive(control.setEnv(front, 'main', 'MODE', 'new'));
  await flow.drive(member1.annotate(back, 'team', 'other'));
  await flow.drive(member1.setImage(admin, 'main', 'y'));
  await flow.drive(member1.restart(search, '2026-05-05T05:05:05Z'));
  await flow.drive(control.patch(one, { data: { name: 'edited' } }));
  await flow.drive(member1.patch(secret, { data: { word: words[1], more: words[1] } }));
  await settled();
  await look('lived');
  await flow.drive(control.delete(inShop('Ingress', 'front')));
  await settled();
  await flow.drive(member1.delete(inShop('Ingress', 'front')));
  await look('deleted');
}, 60_000);
afterAll(() => shop?.flow.stop());

describe('migrate verify', () => {
  it('says how far it is while it is not through', () => {
    expect(stages.get('paused')).toMatchObject({ proven: false, state: 'paused', unmanaged: [] });
    expect(stages.get('paused')!.open).toBeGreaterThan(5);
    expect(stages.get('paused')!.differences.filter(({ is }) => is !== 'note')).toEqual([]);
  });

  it('proves it in all clusters, with the copies and with what was there before', () => {
    const applied = stages.get('applied')!;
    expect(applied.differences.filter(({ is }) => is !== 'note')).toEqual([]);
    expect(applied).toMatchObject({ proven: true, state: 'applied', unmanaged: [], unseen: [], open: 0 });
    expect(applied.clusters).toEqual(['member1', 'member2']);
    expect(applied.coverage.there).toBe(2);
    expect(applied.coverage.copies).toBeGreaterThan(15);
  });

  it('leaves it unproven where a cluster could not be looked into', () => {
    expect(stages.get('unreachable')).toMatchObject({
      proven: false,
      unseen: [{ cluster: 'member2', why: 'nobody here can reach it' }],
      verdict: 'Not proven: member2 could not be looked into.',
    });
  });

  it('takes a rollout of an edited template for none of its own', () => {
    const differences = found('lived', front);
    expect(new Set(differences.map(({ is }) => is))).toEqual(new Set(['note']));
    expect(differences.map(({ what }) => what).join('\n')).toMatch(
      /rolled out since: its template was edited by kubectl/,
    );
    expect(differences.flatMap(({ fields = [] }) => fields)).toContainEqual(
      expect.objectContaining({ path: '.spec.template.spec.containers[name="main"].env', by: 'template' }),
    );
  });

  it('names who restarted Pods in the cluster, as drift', () => {
    const differences = found('lived', search);
    expect(differences.some(({ is }) => is === 'drift')).toBe(true);
    expect(differences.filter(({ is }) => is === 'restart' || is === 'change')).toEqual([]);
    expect(differences.map(({ what }) => what).join('\n')).toMatch(
      /its Pod template was changed in the cluster by kubectl/,
    );
  });

  it('takes no blame for an edit that was put right, though it replaced Pods twice', () => {
    const differences = found('lived', admin);
    expect(differences.filter(({ is }) => is === 'restart' || is === 'change')).toEqual([]);
    expect(differences.find(({ is }) => is === 'drift')!.what).toContain('since: the migration had ended');
  });

  it('names who changed what the template does not say, with values', () => {
    expect(found('lived', back)).toMatchObject([
      { is: 'drift', fields: [{ path: '.metadata.annotations.team', by: 'somebody', after: '"other"' }] },
    ]);
  });

  it('tells an edited ConfigMap with old and new value, and whose it was', () => {
    expect(found('lived', one)).toMatchObject([
      { is: 'note', fields: [{ path: '.data.name', by: 'template', before: '"one"', after: '"edited"' }] },
    ]);
  });

  it('names keys of Secrets, and gives no value away', () => {
    expect(found('lived', secret)).toMatchObject([
      { is: 'drift', fields: [{ path: '.data.more', by: 'somebody', after: '(secret)' }] },
    ]);
    for (const word of words) expect(JSON.stringify([before, ...stages.values()])).not.toContain(word);
  });

  it('says whose fault it is not', () => {
    expect(stages.get('lived')!.verdict).toMatch(
      /^Not as before, and not by the migration: \d+ changes by others since/,
    );
    expect(stages.get('lived')!.proven).toBe(false);
  });

  it('tells what is gone', () => {
    expect(found('deleted', inShop('Ingress', 'front'))).toMatchObject([{ is: 'change', what: 'is gone' }]);
  });

  it('proves that all was given back once it is rolled back', async () => {
    await shop.flow.drive(rollingBack(shop.flow, shop, {}));
    await settled();
    await look('back');
    const own = stages.get('back')!;
    expect(own).toMatchObject({ state: 'rolled-back', unmanaged: [], open: 0 });
    expect(own.differences.filter(({ is }) => is === 'restart')).toEqual([]);
  }, 30_000);
});
