/** The cases against the embedded server: in process, over HTTPS, and against a real kube-apiserver where one is given. */
import { bootstrapRbac } from '#apis/kubernetes/bootstrap-rbac.ts';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import { accessControl } from '#server/auth/access.ts';
import { listen } from '#server/http/listen.ts';
import { rawPaths } from '#server/http/raw.ts';
import { createApiServer } from '#server/serve.ts';
import { memoryStore } from '#server/storage/memory.ts';
import { createCertificateAuthority } from '#world/certificates/authority.ts';
import { createSigningKeyPem } from '#world/certificates/token-signing.ts';
import { systemClock } from '#world/clock/system.ts';
import { systemDisk } from '#world/disk/system.ts';
import { systemRandom } from '#world/random/system.ts';
import { apiClientCases, type OpenedClient } from './api-client.cases.ts';
import { httpClient } from './http.ts';
import { inProcessClient } from './in-process.ts';
import { parseKubeconfig, resolveContext } from './kubeconfig.ts';

const world = { clock: systemClock, random: systemRandom };
const admin = { user: 'admin', groups: ['system:masters'] };

async function embedded() {
  const authority = await createCertificateAuthority('test', systemClock);
  const server = createApiServer({
    name: 'test',
    space: 'test',
    store: memoryStore({ clock: systemClock, freeze: true }),
    world,
    kinds: builtinKinds(),
    access: accessControl({
      bootstrap: await bootstrapRbac(),
      tokenKey: createSigningKeyPem(),
      authority: authority.cert,
    }),
    raw: rawPaths({ release: 'v1.35.3', platform: 'linux/amd64' }),
  });
  await server.start();
  return { server, authority };
}

async function inProcess(): Promise<OpenedClient> {
  const { server } = await embedded();
  const user = { name: admin.user, groups: [...admin.groups, 'system:authenticated'] };
  const client = inProcessClient({
    name: 'test',
    handler: server.handler,
    user,
    clock: systemClock,
    userAgent: 'cases/v1',
  });
  return {
    client,
    close: async () => {
      client.close();
      server.stop();
    },
  };
}

async function overHttp(): Promise<OpenedClient> {
  const { server, authority } = await embedded();
  const serving = await authority.issueServer({ commonName: 'test', hosts: ['127.0.0.1'] });
  const identity = await authority.issueClient(admin);
  const listener = await listen(server, { ...world, port: 0, tls: { ...serving, clientCa: authority.cert } });
  const config = {
    server: listener.url,
    certificateAuthority: { pem: authority.cert },
    clientCertificate: { pem: identity.cert },
    clientKey: { pem: identity.key },
  };
  const client = httpClient({ name: 'test', config, clock: systemClock, userAgent: 'cases/v1' });
  return {
    client,
    close: async () => {
      client.close();
      await listener.close(0);
      server.stop();
    },
  };
}

/** FLOTILLA_TEST_KUBECONFIG: a cluster to run the cases against, current context, as somebody who may do everything. */
async function foreign(path: string): Promise<OpenedClient> {
  const text = await systemDisk.readText(path);
  const { access } = resolveContext(parseKubeconfig(text ?? '', path));
  const client = httpClient({
    name: 'foreign',
    config: access,
    clock: systemClock,
    disk: systemDisk,
    userAgent: 'cases/v1',
  });
  return { client, close: async () => client.close() };
}

apiClientCases('in process', inProcess);
apiClientCases('over HTTPS', overHttp);

const kubeconfig = process.env.FLOTILLA_TEST_KUBECONFIG;
if (kubeconfig) apiClientCases('a real kube-apiserver', () => foreign(kubeconfig));
