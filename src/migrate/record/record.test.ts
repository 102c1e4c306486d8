/** Records: what they say of the whole, and that two who change one at once lose nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import { ConfigMaps } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import { inProcessClient } from '#client/in-process.ts';
import { type Embedded, embeddedServer } from '#server/embedded.fixture.ts';
import { systemClock } from '#world/clock/system.ts';
import type { MigrationPlan, PlannedObject } from '../model.ts';
import { firstRecord, type MigrationRecord, stateOf, type WaveState, withObjects, withWave } from './record.ts';
import { changeRecord, listRecords, readRecord } from './store.ts';

const now = '2026-01-01T00:00:00Z';
const planNamed = (name: string): MigrationPlan => ({
  apiVersion: 'migrate.flotilla.io/v1alpha1',
  kind: 'MigrationPlan',
  metadata: { name, creationTimestamp: now },
  spec: { from: { cluster: 'member1', id: 'x' }, to: ['member1'], scope: {} },
  waves: [1, 2, 3].map((number) => ({ number, title: `wave ${number}`, objects: number })),
  objects: [],
});
const fresh = (name: string) =>
  firstRecord(planNamed(name), { hash: 'h', startedAt: now, allowedRestarts: [], dropped: [] });

describe('a record', () => {
  test.each<[readonly WaveState[], WaveState]>([
    [['pending', 'pending', 'pending'], 'pending'],
    [['applied', 'pending', 'pending'], 'paused'],
    [['applied', 'applying', 'pending'], 'applying'],
    [['applied', 'failed', 'pending'], 'failed'],
    [['applied', 'rolled-back', 'pending'], 'paused'],
    [['applied', 'applied', 'applied'], 'applied'],
    [['rolled-back', 'rolled-back', 'rolled-back'], 'rolled-back'],
  ])('of waves %j is %s', (states, whole) => {
    const record = states.reduce((each, state, i) => withWave(each, i + 1, { state }, now), fresh('p'));
    expect(stateOf(record)).toBe(whole);
  });

  test('moves the time of a wave with its state only, and forgets why', () => {
    const later = '2026-01-01T00:01:00Z';
    const failed = withWave(fresh('p'), 2, { state: 'failed', why: 'a Pod is gone' }, now);
    expect(withWave(failed, 2, { applied: 1 }, later).waves[1]).toMatchObject({ since: now, why: 'a Pod is gone' });
    const again = withWave(failed, 2, { state: 'applying' }, later).waves[1]!;
    expect(again).toEqual({ ...fresh('p').waves[1], state: 'applying', since: later });
  });
});

describe('what is known of objects', () => {
  const object = (name: string) => ({ kind: 'Deployment', namespace: 'shop', name }) as PlannedObject;
  test('is replaced, forgotten, and bounded', () => {
    const failed = withObjects(fresh('p'), [{ object: object('web'), now: { is: 'failed', why: 'no room' } }]);
    expect(failed.objects).toEqual([{ object: 'Deployment/shop/web', is: 'failed', why: 'no room' }]);
    const back = withObjects(failed, [{ object: object('web'), now: { is: 'rolled-back' } }]);
    expect(back.objects).toEqual([{ object: 'Deployment/shop/web', is: 'rolled-back' }]);
    expect(withObjects(back, [{ object: object('web'), now: undefined }])).toEqual(fresh('p'));
    const many = Array.from({ length: 3_000 }, (_, i) => ({
      object: object(`web-${i}`),
      now: { is: 'failed' as const },
    }));
    expect(withObjects(fresh('p'), many).objects).toHaveLength(1_000);
  });
});

describe('records in a control plane', () => {
  let embedded: Embedded;
  let control: ApiClient;
  beforeAll(async () => {
    embedded = await embeddedServer({ name: 'control', kinds: builtinKinds(), disabledAdmission: ['ServiceAccount'] });
    const user = { name: 'admin', groups: ['system:masters'] };
    control = inProcessClient({
      name: 'control',
      handler: embedded.server.handler,
      user,
      clock: systemClock,
      userAgent: 't',
    });
  });
  afterAll(() => embedded.server.stop());

  test('are made with their namespace, read and listed', async () => {
    expect(await readRecord(control, 'b')).toBeUndefined();
    expect(await listRecords(control)).toEqual({ records: [], broken: [] });
    expect(await changeRecord(control, 'b', () => undefined)).toBeUndefined();
    await changeRecord(control, 'b', () => fresh('b'));
    await changeRecord(control, 'a', () => fresh('a'));
    expect(await readRecord(control, 'b')).toEqual(fresh('b'));
    // A template of the plan that happens to be a ConfigMap is none.
    const template = { namespace: 'default', name: 'migration-c', labels: { 'migrate.flotilla.io/plan': 'c' } };
    await control.resource(ConfigMaps).create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: template });
    // One that somebody has spoilt hides no other.
    const spoilt = { ...template, namespace: 'karmada-system', name: 'migration-x' };
    const data = { 'record.json': '{}' };
    await control.resource(ConfigMaps).create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: spoilt, data });
    const { records, broken } = await listRecords(control);
    expect([records.map(({ plan }) => plan), broken]).toEqual([['a', 'b'], ['migration-x']]);
  });

  test('lose no change of those who write at once', async () => {
    await changeRecord(control, 'd', () => fresh('d'));
    const named = (record: MigrationRecord | undefined, i: number): MigrationRecord => ({
      ...record!,
      allowedRestarts: [...record!.allowedRestarts, String(i)],
    });
    await Promise.all([1, 2, 3, 4, 5].map((i) => changeRecord(control, 'd', (record) => named(record, i))));
    expect([...(await readRecord(control, 'd'))!.allowedRestarts].sort()).toEqual(['1', '2', '3', '4', '5']);
  });

  test('that are broken say what to do', async () => {
    await changeRecord(control, 'e', () => fresh('e'));
    const key = { namespace: 'karmada-system', name: 'migration-e' };
    await control.resource(ConfigMaps).patch(key, 'merge', { data: { 'record.json': '{' } });
    await expect(readRecord(control, 'e')).rejects.toThrow('delete it and apply the plan again');
  });
});
