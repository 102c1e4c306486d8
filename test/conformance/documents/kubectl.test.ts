/**
 * kubectl says the same of our API server as of a real one (kubectl.txt): the version on PATH, and the release's own where
 * it was built. FLOTILLA_RECORD writes what it says of the real one anew.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import { runProgram } from '#harness/command.ts';
import { doorTo } from '#harness/exchange.ts';
import { absentBinaries, binaryPath } from '#harness/real-binaries.ts';
import { kubeconfigText, startRealKubernetes } from '#harness/real-kubernetes.ts';
import { soaking } from '#harness/soak.ts';
import { until } from '#harness/until.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import type { ApiHandler } from '#kube/request/request.ts';
import { type Embedded, embeddedServer } from '#server/embedded.fixture.ts';
import type { ApiListener } from '#server/http/listen.ts';
import { transcript } from './kubectl.cases.ts';
import { sampleDefinitions } from './samples.ts';

const kept = join(import.meta.dirname, 'kubectl.txt');
const recording = process.env.FLOTILLA_RECORD !== undefined;

/** Those whose words are kept; another version may use other ones. */
const versions = /"gitVersion": "v1\.3[2-5]\./;

/** The release's own only in a soak: each call costs as much as a test of ours may. */
const programs = ['kubectl', binaryPath('kubectl')].filter(
  (program) => program === 'kubectl' || (soaking && existsSync(program)),
);

const admin = { name: 'admin', groups: ['system:masters'] };

/** What the calls leave behind. */
async function clear(handler: ApiHandler): Promise<void> {
  const at = (group: string, version: string, resource: string, name: string) =>
    handler.handle({
      verb: 'delete',
      path: { group, version, resource, namespace: 'default', name },
      user: admin,
      options: {},
    });
  await at('apps', 'v1', 'deployments', 'w');
  await at('', 'v1', 'configmaps', 'a');
  await at('stable.example.com', 'v1', 'crontabs', 'x');
}

async function isKnown(program: string): Promise<boolean> {
  const { output } = await runProgram(program, ['version', '--client', '-o', 'json']).catch(() => ({ output: '' }));
  return versions.test(output);
}

describe('kubectl', { timeout: 60_000 }, () => {
  let embedded: Embedded;
  let listener: ApiListener;
  let kubeconfig: string;

  beforeAll(async () => {
    embedded = await embeddedServer({ name: 'own', kinds: builtinKinds(), disabledAdmission: ['ServiceAccount'] });
    const { server, authority } = embedded;
    for (const body of sampleDefinitions)
      await server.handler.handle({
        verb: 'create',
        path: { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' },
        user: admin,
        options: {},
        body: body as JsonObject,
      });
    listener = await embedded.listen();
    const identity = await authority.issueClient({ user: 'admin', groups: ['system:masters'] });
    kubeconfig = kubeconfigText(listener.url, authority.cert, identity);
  });
  afterAll(async () => {
    await listener?.close(0);
    embedded?.server.stop();
  });

  it.for(programs)('reads our documents as those of a real server: %s', async (program, { skip }) => {
    if (!(await isKnown(program))) return skip(`${program} is not there, or not of a version whose words are kept`);
    const said = await transcript(program, kubeconfig);
    expect(said).toBe(readFileSync(kept, 'utf8'));
    await clear(embedded.server.handler);
  });

  it.skipIf(absentBinaries().length > 0 || !recording)(
    'is recorded on a real server',
    { timeout: 180_000 },
    async () => {
      const real = await startRealKubernetes();
      const door = doorTo(real.access);
      const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
      for (const body of sampleDefinitions)
        await door.ask({ method: 'POST', path, type: 'application/json', body: body as JsonObject });
      await until('the samples are documented', async () => {
        const { body } = await door.ask({ method: 'GET', path: '/openapi/v2' });
        return JSON.stringify(body).includes('stable.example.com/v1/globs');
      });
      writeFileSync(kept, await transcript(binaryPath('kubectl'), readFileSync(real.kubeconfig, 'utf8')));
      await door.close();
      await real.stop();
    },
  );
});
