/** What `migrate rehearse` says and exits with, of a plan that was made before anything is joined. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ConfigMaps, Namespaces, Secrets } from '#apis/kubernetes/types.ts';
import { type MigrationRecord, recordObject, type WaveState } from '#migrate/record/record.ts';
import { clientOf, flotilla, folder } from '../../served.cases.ts';

const ours = { program: 'flotilla' };
const plan = join(folder, 'rehearsed');
const rehearse = (words = '') => flotilla(`migrate rehearse ${plan} ${words}`, ours);
const settings = { namespace: 'rehearsed', name: 'settings' };
const password = Buffer.from('geheim').toString('base64');

beforeAll(async () => {
  const member = clientOf('member1');
  for (const name of ['kube-system', 'rehearsed']) {
    await member
      .resource(Namespaces)
      .create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name }, spec: {} })
      .catch(() => {});
  }
  await member
    .resource(ConfigMaps)
    .create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: settings, data: { a: '1' } });
  await member
    .resource(Secrets)
    .create({ apiVersion: 'v1', kind: 'Secret', metadata: settings, type: 'Opaque', data: { password } });
  const made = await flotilla(
    `migrate plan --from member1 -n rehearsed --kinds configmaps,secrets --out ${plan}`,
    ours,
  );
  expect(made.code).toBe(0);
});

describe('migrate rehearse', () => {
  it.each([
    ['migrate rehearse', 'which plan? give one folder: migrate rehearse DIR'],
    ['migrate rehearse /nope', '/nope holds no plan'],
    [`migrate rehearse ${plan} -o table`, "--output must be 'json' or 'yaml'"],
    [`migrate rehearse ${plan} --lose member9`, '--lose: the plan has no cluster member9; it has member1'],
    [`migrate rehearse ${plan} --evict`, '--evict: the plan is of member1 alone'],
    [`migrate rehearse ${plan} --scheduler-flags --nonsense`, '--scheduler-flags: unknown flag: --nonsense'],
    [`migrate rehearse ${plan} --rate 0`, '--rate must be at least 1'],
  ])('%s is refused', async (words, why) => {
    const { code, stdout, stderr } = await flotilla(words, ours);
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringContaining(`error: ${why}`)]);
  });

  it('tells steps, calls, and what to type next', async () => {
    const { code, stdout, stderr } = await rehearse('--rate 10');
    expect(code).toBe(0);
    expect(stderr.trim().split('\n')).toEqual([
      'reading member1',
      'loading what the clusters hold',
      'asking what would be refused',
      'applying',
      'verifying',
      'rolling back',
    ]);
    expect(stdout).toContain('karmada-scheduler: its flags cannot be read; the rehearsal runs it with the defaults');
    expect(stdout).toMatch(
      /^Rehearsal of rehearsed: member1 to member1, on a copy of \d+ objects, 0 Pods among them\n/,
    );
    expect(stdout).toMatch(/^STEP +OUTCOME +RESTARTS +CHANGES +API CALLS +AT 10\/S$/m);
    expect(stdout).toMatch(/^apply +applied +0 +0 +\d+ +\d+ s$/m);
    expect(stdout).toMatch(/^rollback +all given back +0 +0 +\d+ +\d+ s$/m);
    expect(stdout).toContain('Clean: 2 objects, 0 restarts, 0 refused, 0 not under management, 0 left behind.');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(`Next: flotilla migrate apply ${plan}`);
    expect(stdout).not.toContain(password);
  });

  it('refuses what is not so any more, and tells programs', async () => {
    await clientOf('member1')
      .resource(ConfigMaps)
      .patch(settings, 'merge', { data: { a: '2' } });
    const { code, stdout } = await rehearse('-o json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      clean: false,
      steps: [],
      refused: [{ object: 'ConfigMap rehearsed/settings', why: 'was changed: .data.a' }],
    });
    expect((await rehearse()).stdout).toContain('Not rehearsed: apply would refuse the plan, for 1 object.');
  });

  it('refuses what is under management already, and says how it goes on', async () => {
    const control = clientOf('karmada-apiserver');
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'karmada-system' }, spec: {} };
    await control
      .resource(Namespaces)
      .create(namespace)
      .catch(() => {});
    const since = '2026-05-05T05:05:05Z';
    const wave = { number: 1, title: 'configuration', objects: 2, since };
    const record = (state: WaveState, applied: number): MigrationRecord => ({
      plan: 'rehearsed',
      hash: '',
      from: { cluster: 'member1', id: '' },
      to: ['member1'],
      startedAt: since,
      allowedRestarts: [],
      dropped: [],
      waves: [{ ...wave, state, applied }],
    });
    const records = control.resource(ConfigMaps);
    await records.create(recordObject(record('paused', 1)));
    const begun = `error: migration rehearsed was begun at ${since} and is`;
    expect((await rehearse()).stderr).toBe(
      `${begun} paused; a plan is rehearsed before it is applied; how far it is, and how it goes on: flotilla migrate status ${plan}\n`,
    );
    const { name, namespace: place } = recordObject(record('paused', 1)).metadata;
    const at = { name: name!, namespace: place! };
    await records.patch(at, 'merge', { data: recordObject(record('applied', 2)).data } as never);
    const { code, stderr } = await rehearse();
    expect([code, stderr]).toEqual([1, expect.stringContaining(`is proven by: flotilla migrate verify ${plan}\n`)]);
    await records.patch(at, 'merge', { data: recordObject(record('rolled-back', 0)).data } as never);
    expect((await rehearse()).stdout).toContain(
      `Next, make it anew: flotilla migrate plan --from member1 -n rehearsed --kinds configmaps,secrets --out ${plan} --force\n`,
    );
  });
});
