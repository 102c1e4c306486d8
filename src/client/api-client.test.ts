/** The cases against the embedded server: in process, over HTTPS, and against a real kube-apiserver where one is given. */
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import { embeddedServer } from '#server/embedded.fixture.ts';
import { systemClock } from '#world/clock/system.ts';
import { systemDisk } from '#world/disk/system.ts';
import { apiClientCases, type OpenedClient } from './api-client.cases.ts';
import { httpClient } from './http.ts';
import { inProcessClient } from './in-process.ts';
import { parseKubeconfig, resolveContext } from './kubeconfig.ts';

const admin = { user: 'admin', groups: ['system:masters'] };

const embedded = () => embeddedServer({ name: 'test', kinds: builtinKinds() });

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
  const { server, authority, listen } = await embedded();
  const identity = await authority.issueClient(admin);
  const listener = await listen();
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
