import { describe, expect, it } from 'vitest';
import { Deployments, Namespaces } from '#apis/kubernetes/types.ts';
import { until } from '#harness/until.ts';
import { runProgram } from '../program.ts';
import { deploymentAndService } from '../seed.cases.ts';
import { clientOf, flotilla, printed, surroundingsFor } from '../served.cases.ts';

/** A watch that goes on while the test changes things; what it has printed so far. */
function watching(words: string) {
  const { around, said } = surroundingsFor({ program: 'flotilla' });
  const ended = runProgram(words.split(' '), around);
  return { said, ended };
}

const control = () => clientOf('karmada-apiserver');

async function namespaceFor(name: string): Promise<string> {
  await control().resource(Namespaces).create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name }, spec: {} });
  return name;
}

const scale = (namespace: string, replicas: number) =>
  control().resource(Deployments).patch({ namespace, name: 'nginx-deploy' }, 'merge', { spec: { replicas } });

describe('get --watch', () => {
  it('prints what is there, then every change, in columns that stay', async () => {
    const namespace = await namespaceFor('watched');
    await printed(`apply -f - -n ${namespace}`, { input: deploymentAndService });
    const { said } = watching(`get deploy -n ${namespace} -w --output-watch-events`);
    await until('the list', () => said.stdout.includes('0/2'));
    await scale(namespace, 3);
    await until('the change', () => said.stdout.includes('0/3'));
    await control().resource(Deployments).delete({ namespace, name: 'nginx-deploy' });
    await until('the deletion', () => said.stdout.includes('DELETED'));
    expect(said.stdout).toBe(
      [
        'EVENT   NAME           READY   UP-TO-DATE   AVAILABLE   AGE\n',
        'ADDED   nginx-deploy   0/2     0            0           0s\n',
        'MODIFIED   nginx-deploy   0/3     0            0           0s\n',
        'DELETED    nginx-deploy   0/3     0            0           0s\n',
      ].join(''),
    );
  });

  it('watches one object by name, without what is there, as YAML', async () => {
    const namespace = await namespaceFor('watched-one');
    await printed(`apply -f - -n ${namespace}`, { input: deploymentAndService });
    const { said } = watching(`get deploy nginx-deploy -n ${namespace} --watch-only -o yaml`);
    let replicas = 2;
    await until('a change', async () => {
      await scale(namespace, replicas++);
      return said.stdout.includes('replicas:');
    });
    expect(said.stdout).toMatch(/^apiVersion: apps\/v1\nkind: Deployment\n/);
  });

  it('is for one resource', async () => {
    expect((await flotilla('get deploy,svc -w')).stderr).toBe(
      'error: watch is only supported on individual resources and resource collections - more than 1 resource was found\n',
    );
    expect((await flotilla('get deploy --output-watch-events')).stderr).toContain('can only be used with --watch');
    expect((await flotilla('get deploy nope -w')).stderr).toBe(
      'Error from server (NotFound): deployments.apps "nope" not found\n',
    );
  });
});
