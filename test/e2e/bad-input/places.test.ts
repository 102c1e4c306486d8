/** What a running installation meets outside itself: folders, ports, clusters that do not answer, members that refuse. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiClient } from '#client/api-client.ts';
import { type Finished, runShell } from '#harness/command.ts';
import { clientOf } from '#harness/contexts.ts';
import { type Anything, type Kubectl, kubectl } from '#harness/kubectl.ts';
import { flotillaCommand } from '#harness/program.ts';
import { newHome, type RunningUp, runningUp } from '#harness/running-up.ts';
import { bindingOf, onMembers, policyFor } from '#harness/samples.ts';
import { until } from '#harness/until.ts';

const home = newHome();
const clients: ApiClient[] = [];
const place = (name: string) => join(home.folder, name);
const flotilla = (line: string): Promise<Finished> =>
  runShell(`${flotillaCommand} ${line}`, { environment: home.environment, folder: home.folder });
/** A second installation, in a folder that is not fit for one. */
const upIn = (name: string, more = '') =>
  flotilla(`up --data-dir ${place(name)} --kubeconfig-dir ${place('other-kube')} ${more}`);

let up: RunningUp | undefined;
let control: Kubectl;
let member1: Kubectl;

const open = (context: string): Kubectl => {
  const client = clientOf(home, context);
  clients.push(client);
  return kubectl(client);
};

beforeAll(async () => {
  up = await runningUp(home);
  control = open('karmada-apiserver');
  member1 = open('member1');
});
afterAll(async () => {
  for (const client of clients) client.close();
  await up?.stop();
  home.remove();
});

describe('a place that cannot be used', () => {
  const portOf = () => /127\.0\.0\.1:(\d+)/.exec(readFileSync(join(home.kubeconfigs, 'karmada.config'), 'utf8'))![1]!;

  test.for<[string, () => Promise<Finished>, RegExp]>([
    [
      'data directory of a running installation',
      () => flotilla(`up --data-dir ${home.data} --kubeconfig-dir ${home.kubeconfigs}`),
      /^error: the data directory .*\.flotilla is in use by process \d+: stop that process first, or choose another/,
    ],
    [
      'file',
      () => {
        writeFileSync(place('file'), 'x');
        return upIn('file');
      },
      /^error: the data directory .*\/file cannot be used: it is a file, not a directory\n$/,
    ],
    ['path through a file', () => upIn('file/below', '--detach'), /: a part of the path is a file, not a directory\n$/],
    [
      'folder of something else',
      () => {
        mkdirSync(place('photos'));
        writeFileSync(place('photos/sea.jpg'), 'x');
        return upIn('photos');
      },
      /holds files but is not a Flotilla data directory: .*; nothing was changed\n$/,
    ],
    [
      'data directory of a newer version',
      () => {
        mkdirSync(place('newer'));
        writeFileSync(place('newer/flotilla.json'), '{"format": 9, "createdBy": "flotilla 9.0.0"}');
        return upIn('newer', '--detach');
      },
      /has format 9 \(written by flotilla 9\.0\.0\), this version reads format 1: use the version that wrote it/,
    ],
    [
      'kubeconfig folder that is a file',
      () => flotilla(`up --data-dir ${place('fresh')} --kubeconfig-dir ${place('file')}`),
      /^(✓.*\n)?error: the folder .*\/file for kubeconfigs cannot be used: it is a file, not a directory\n$/,
    ],
    ['port in use', () => upIn('fresh', `--port ${portOf()}`), /^error: port \d+ on 127\.0\.0\.1 is in use\n$/],
    ['port that is none', () => upIn('fresh', '--port 99999'), /^error: --port must be from 1 to 65535, not 99999\n$/],
    [
      'number of members',
      () => upIn('fresh', '--members 1000'),
      /^error: --members must be from 0 to \d+, not 1000\n$/,
    ],
  ])('%s', async ([, attempt, words]) => {
    const { code, errors } = await attempt();
    expect(errors).toMatch(words);
    expect(code).toBe(1);
  });

  test('and what runs is as it was', async () => {
    expect(await flotilla('status')).toMatchObject({ code: 0, errors: '' });
    expect(readFileSync(place('file'), 'utf8')).toBe('x');
    expect(readFileSync(place('newer/flotilla.json'), 'utf8')).toContain('"format": 9');
  });
});

const meta = (name: string) => ({ namespace: 'default', name });
const message = async (template: Anything): Promise<string> => {
  const binding = await control.find(bindingOf(template));
  return (binding?.status?.aggregatedStatus ?? []).map((item: Anything) => item.appliedMessage ?? '').join();
};

describe('a member that refuses', () => {
  const port = 31_555;
  const service = (name: string): Anything => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meta(name),
    spec: { type: 'NodePort', selector: { app: 'a' }, ports: [{ port: 80, nodePort: port }] },
  });

  test('is quoted on the binding and in status, its own objects stay, and it is asked again', async () => {
    const own = await member1.apply(service('own'));
    await control.apply(service('wanted'));
    await control.apply(policyFor('wanted', [service('wanted')]));
    await until('the refusal is told', async () =>
      (await message(service('wanted'))).includes(
        'spec.ports[0].nodePort: Invalid value: 31555: provided port is already allocated',
      ),
    );
    const { output } = await flotilla('status');
    expect(output).toMatch(/execution +karmada-es-member1\/wanted-\S+ +Service "wanted" is invalid: spec\.ports\[0\]/);
    expect(await member1.get(service('own'))).toEqual(own);
    expect(await control.get(service('wanted'))).toMatchObject({ spec: { ports: [{ nodePort: port }] } });
    await member1.delete(service('own'));
    await until('it is there once there is room', () => member1.find(service('wanted')));
  });
});

describe('a cluster that does not answer', () => {
  const silent = { apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster', metadata: { name: 'silent' } };
  const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: meta('far'), data: { a: 'b' } };

  test('is shown with the reason, takes nothing, and keeps nobody else from anything', async () => {
    const { code } = await runShell(
      `${flotillaCommand} apply -f - <<'.'
apiVersion: cluster.karmada.io/v1alpha1
kind: Cluster
metadata: {name: silent}
spec:
  apiEndpoint: https://127.0.0.1:1
  syncMode: Push
  insecureSkipTLSVerification: true
  secretRef: {namespace: karmada-cluster, name: silent}
---
apiVersion: v1
kind: Secret
metadata: {name: silent, namespace: karmada-cluster}
stringData: {token: none}
.`,
      { environment: home.environment },
    );
    expect(code).toBe(0);
    await control.apply(configMap);
    await control.apply(policyFor('far', [configMap], { placement: onMembers('silent', 'member1') }));
    await until('member1 has it', () => member1.find(configMap));
    await until('status says why', async () =>
      /silent +False .*cluster is not reachable/.test((await flotilla('status')).output),
    );
    const { output } = await flotilla('get clusters');
    expect(output).toMatch(/^silent +Push +False /m);
    const far = await flotilla('get cm far --operation-scope members -C silent');
    expect(far.code).toBe(1);
    expect(far.errors).toMatch(/silent/);
    await control.delete(silent);
    await until('it can be let go all the same', async () => !(await control.find(silent)));
    expect(await member1.get(configMap)).toMatchObject({ data: { a: 'b' } });
  });
});

test('after down, what to do is said, and by up what keeps clusters from becoming Ready', async () => {
  const off = `patch deployment karmada-controller-manager -n karmada-system --context karmada-host --type merge`;
  expect((await flotilla(`${off} -p '{"spec": {"replicas": 0}}'`)).code).toBe(0);
  expect(await flotilla('down')).toMatchObject({ code: 0, errors: '' });
  await up!.command.ended;
  expect(await flotilla('down')).toMatchObject({ code: 0, output: `Nothing is running in ${home.data}\n` });
  const { code, errors } = await flotilla('status');
  expect(code).toBe(1);
  expect(errors).toMatch(/Flotilla is not running; start it with flotilla up\n$/);
  expect((await flotilla('get cm')).errors).toMatch(/^The connection to the server 127\.0\.0\.1:\d+ was refused/);
  const again = await flotilla(`up --detach --members 3 --data-dir ${home.data} --kubeconfig-dir ${home.kubeconfigs}`);
  expect(again.code).toBe(0);
  expect(again.output + again.errors).toMatch(
    /3 member clusters serve their APIs .*\n +karmada-controller-manager does not run: it is scaled to 0 on karmada-host; start it with kubectl --context karmada-host /,
  );
  expect((await flotilla('down')).code).toBe(0);
});
