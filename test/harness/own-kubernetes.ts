/** Our API server on a port of its own, with our kinds and nothing that acts on its own. */

import { customKinds } from '#apis/kinds.ts';
import { bootstrapRbac } from '#apis/kubernetes/bootstrap-rbac.ts';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import type { ClusterAccess } from '#client/kubeconfig/access.ts';
import { accessControl } from '#server/auth/access.ts';
import { listen } from '#server/http/listen.ts';
import { rawPaths } from '#server/http/raw.ts';
import { createApiServer } from '#server/serve.ts';
import { memoryStore } from '#server/storage/memory.ts';
import { createCertificateAuthority } from '#world/certificates/authority.ts';
import { createSigningKeyPem } from '#world/certificates/token-signing.ts';
import { systemClock } from '#world/clock/system.ts';
import { systemRandom } from '#world/random/system.ts';

const world = { clock: systemClock, random: systemRandom };

export interface OwnKubernetes {
  /** As an administrator with a client certificate. */
  readonly access: ClusterAccess;
  readonly stop: () => Promise<void>;
}

export async function startOwnKubernetes(): Promise<OwnKubernetes> {
  const authority = await createCertificateAuthority('own', systemClock);
  const server = createApiServer({
    name: 'own',
    space: 'own',
    store: memoryStore({ clock: systemClock, freeze: true }),
    world,
    kinds: [...builtinKinds(), ...customKinds],
    access: accessControl({
      bootstrap: await bootstrapRbac(),
      tokenKey: createSigningKeyPem(),
      authority: authority.cert,
    }),
    raw: rawPaths({ release: 'v1.35.3', platform: 'linux/amd64' }),
  });
  await server.start();
  const serving = await authority.issueServer({ commonName: 'own', hosts: ['127.0.0.1'] });
  const identity = await authority.issueClient({ user: 'admin', groups: ['system:masters'] });
  const listener = await listen(server, { ...world, port: 0, tls: { ...serving, clientCa: authority.cert } });
  return {
    access: {
      server: listener.url,
      certificateAuthority: { pem: authority.cert },
      clientCertificate: { pem: identity.cert },
      clientKey: { pem: identity.key },
    },
    stop: async () => {
      await listener.close(0);
      server.stop();
    },
  };
}
