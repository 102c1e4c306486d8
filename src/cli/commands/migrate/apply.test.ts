/** What `migrate apply`, `status` and `list` say and exit with, on servers where nothing schedules or executes. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import { ConfigMaps, Namespaces } from '#apis/kubernetes/types.ts';
import { clientOf, flotilla, folder, printed } from '../../served.cases.ts';

const ours = { program: 'flotilla' };
const plan = join(folder, 'shop');
const apply = (words = '') => flotilla(`migrate apply ${plan} ${words}`, ours);
const clusters = () => clientOf('karmada-apiserver').resource<Cluster>(ClusterKind);
const settings = { namespace: 'shop', name: 'settings' };

const ready = (status: string) => ({
  status: {
    conditions: [
      {
        type: 'Ready',
        status,
        reason: 'ClusterReady',
        message: 'as it says',
        lastTransitionTime: '2026-01-01T00:00:00Z',
      },
    ],
  },
});

beforeAll(async () => {
  const member = clientOf('member1');
  for (const name of ['kube-system', 'shop']) {
    await member
      .resource(Namespaces)
      .create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name }, spec: {} })
      .catch(() => {});
  }
  await member
    .resource(ConfigMaps)
    .create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: settings, data: { a: '1' } });
  const { code, stdout } = await flotilla(`migrate plan --from member1 -n shop --kinds configmaps --out ${plan}`, ours);
  expect([code, stdout]).toEqual([0, expect.stringContaining('1 object of member1')]);
});

describe('migrate apply', () => {
  it.each([
    ['migrate apply', 'which plan? give one folder: migrate apply DIR'],
    ['migrate apply /nope', '/nope holds no plan'],
    [`migrate apply ${plan} -o table`, "--output must be 'json' or 'yaml'"],
    [`migrate apply ${plan} --pause-after 7 --yes`, '--pause-after: the plan has no wave 7; it has 1'],
    [
      `migrate apply ${plan} --allow-restart web --yes`,
      '--allow-restart: the plan takes over no web; write KIND/NAMESPACE/NAME',
    ],
    [`migrate apply ${plan} --yes`, 'the control plane has no cluster member1; join it first: flotilla join member1'],
    [`migrate status ${plan}`, `plan "shop" has not been applied: flotilla migrate apply ${plan}`],
    ['migrate status nope', 'there is no folder nope with a plan, and no migration of that name in the control plane'],
    [
      'migrate rollback nope --yes',
      'there is no folder nope with a plan, and no migration of that name in the control plane',
    ],
    ['migrate status', 'which plan? give its folder'],
  ])('%s is refused', async (words, why) => {
    const { code, stdout, stderr } = await flotilla(words, ours);
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringContaining(`error: ${why}`)]);
  });

  it('says what to do where there is nothing yet', async () => {
    expect(await printed('migrate list', ours)).toBe(
      'No migrations yet: flotilla migrate plan --from CLUSTER --out DIR makes a plan of one\n',
    );
  });

  it('needs a cluster that is ready, and somebody who agrees', async () => {
    await clusters().create({
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name: 'member1' },
      spec: { syncMode: 'Push' },
    });
    expect((await apply('--yes')).stderr).toContain('error: cluster member1 is not ready: nothing is known of it yet');
    await clusters().patch({ name: 'member1' }, 'merge', ready('False'), { subresource: 'status' });
    expect((await apply('--yes')).stderr).toContain('is not ready: as it says; see flotilla get clusters');
    await clusters().patch({ name: 'member1' }, 'merge', ready('True'), { subresource: 'status' });
    expect(await apply()).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: there is no terminal to ask on: give --yes to go ahead\n',
    });
    expect(await printed('migrate list -o json', ours)).toBe('{\n    "items": []\n}\n');
  });

  it('refuses a plan that is not what the cluster is now, and writes nothing', async () => {
    const maps = clientOf('member1').resource(ConfigMaps);
    await maps.patch(settings, 'merge', { data: { a: '2' } });
    const { code, stderr } = await apply('--yes');
    expect(code).toBe(1);
    expect(stderr).toBe(
      'error: plan shop is not what member1 is now, and nothing was written:\n' +
        '  ConfigMap shop/settings was changed: .data.a\n' +
        `make it anew: flotilla migrate plan --from member1 -n shop --kinds configmaps --out ${plan} --force\n`,
    );
    await maps.patch(settings, 'merge', { data: { a: '1' } });
  });

  it('takes back what nobody takes over, with exit code 2 and the next command', async () => {
    const { code, stdout, stderr } = await apply('--yes --timeout 100ms');
    expect([code, stderr]).toEqual([2, expect.stringContaining('no policy has it yet; taking it back')]);
    expect(stdout).toBe(
      'Wave 1 was rolled back: ConfigMap shop/settings: no policy has it yet; 0 of 1 objects are taken over and stay so\n\n' +
        'Failed:\n  ConfigMap/shop/settings: no policy has it yet\n\n' +
        `Once the cause is mended, try again: flotilla migrate apply ${plan} --resume\n`,
    );
    const maps = clientOf('karmada-apiserver').resource(ConfigMaps);
    await expect(maps.get(settings)).rejects.toThrow('not found');
    const { stdout: json } = await apply('--yes --resume --timeout 100ms -o json');
    const record = { plan: 'shop', startedAt: expect.any(String), waves: [{ state: 'rolled-back' }] };
    expect(JSON.parse(json)).toMatchObject({ outcome: 'rolled-back', leftOut: [], record });
  });

  it('is told by status and list', async () => {
    expect((await printed(`migrate status ${plan} --watch`, ours)).replace(/ \d+s /, ' 1s ')).toBe(
      'Migration shop: member1 to member1, rolled-back\n' +
        'WAVE   WHAT            APPLIED   STATE         SINCE   WHY\n' +
        '1      configuration   0/1       rolled-back   1s      ConfigMap shop/settings: no policy has it yet\n' +
        '  ConfigMap/shop/settings failed: no policy has it yet\n' +
        `\nTake it over again: flotilla migrate apply ${plan}\n`,
    );
    expect((await printed('migrate list', ours)).replace(/\d+s\n/, '1s\n')).toBe(
      'PLAN   FROM      TO        STATE         WAVES   OBJECTS   AGE\n' +
        'shop   member1   member1   rolled-back   0/1     0/1       1s\n' +
        '\nWave by wave: flotilla migrate status shop\n',
    );
    expect(JSON.parse(await printed(`migrate status ${plan} -o json`, ours))).toMatchObject({
      waves: [{ state: 'rolled-back' }],
    });
  });

  it('names a command that goes on without the folder, once it is lost', async () => {
    expect(await printed('migrate rollback shop --yes', ours)).toBe(
      '✓ 0 objects rolled back\n' +
        'Next, whenever you want it taken over again: flotilla migrate plan --from member1 --out shop\n',
    );
    expect(await printed('migrate status shop', ours)).not.toContain('flotilla');
  });
});
