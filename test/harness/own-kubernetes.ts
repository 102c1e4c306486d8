/** Our API server on a port of its own, with our kinds and nothing that acts on its own. */

import { customKinds } from '#apis/kinds.ts';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import { webhookCalls } from '#app/up/webhook-calls.ts';
import type { ClusterAccess } from '#client/kubeconfig/access.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { Audit } from '#server/audit/audit.ts';
import { embeddedServer } from '#server/embedded.fixture.ts';

export interface OwnKubernetes {
  /** As an administrator with a client certificate. */
  readonly access: ClusterAccess;
  readonly stop: () => Promise<void>;
}

export async function startOwnKubernetes(
  kinds: readonly KindDefinition[] = [...builtinKinds(), ...customKinds],
  audit?: Audit,
): Promise<OwnKubernetes> {
  const { server, authority, listen } = await embeddedServer({
    name: 'own',
    kinds,
    webhooks: { call: webhookCalls() },
    ...(audit ? { audit } : {}),
  });
  const identity = await authority.issueClient({ user: 'admin', groups: ['system:masters'] });
  const listener = await listen();
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
