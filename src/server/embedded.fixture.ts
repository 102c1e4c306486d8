/** An API server of our own for tests, on a store in memory, with an authority that issues what its clients need. */
import { bootstrapRbac } from '#apis/kubernetes/bootstrap-rbac.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import { type CertificateAuthority, createCertificateAuthority } from '#world/certificates/authority.ts';
import { createSigningKeyPem } from '#world/certificates/token-signing.ts';
import type { Clock } from '#world/clock/clock.ts';
import { systemClock } from '#world/clock/system.ts';
import { systemRandom } from '#world/random/system.ts';
import type { Audit } from './audit/audit.ts';
import { accessControl } from './auth/access.ts';
import { type ApiListener, listen } from './http/listen.ts';
import { rawPaths } from './http/raw.ts';
import { type ApiServer, type ApiServerOptions, createApiServer } from './serve.ts';
import { memoryStore } from './storage/memory.ts';

export interface EmbeddedOptions
  extends Pick<ApiServerOptions, 'disabledAdmission' | 'webhooks' | 'aggregation' | 'frontProxies' | 'nodes'> {
  readonly name: string;
  readonly kinds: readonly KindDefinition[];
  /** Names its certificate is for, besides its address. */
  readonly hosts?: readonly string[];
  /** The machine's, when absent. */
  readonly clock?: Clock;
  readonly audit?: Audit;
}

export interface Embedded {
  readonly server: ApiServer;
  readonly authority: CertificateAuthority;
  /** On a free port of 127.0.0.1, by TLS. */
  readonly listen: () => Promise<ApiListener>;
}

/** Started; whoever asks for it stops it. */
export async function embeddedServer(options: EmbeddedOptions): Promise<Embedded> {
  const {
    name,
    kinds,
    clock = systemClock,
    disabledAdmission,
    webhooks,
    aggregation,
    frontProxies,
    audit,
    nodes,
  } = options;
  const world = { clock, random: systemRandom };
  const authority = await createCertificateAuthority(`${name}-ca`, systemClock);
  const server = createApiServer({
    name,
    space: name,
    store: memoryStore({ clock, freeze: true }),
    world,
    kinds,
    disabledAdmission,
    webhooks,
    aggregation,
    frontProxies,
    nodes,
    access: accessControl({
      bootstrap: await bootstrapRbac(),
      tokenKey: createSigningKeyPem(),
      authority: authority.cert,
    }),
    raw: rawPaths({ release: 'v1.35.3', platform: 'linux/amd64' }),
  });
  await server.start();
  return {
    server,
    authority,
    listen: async () => {
      const tls = await authority.issueServer({ commonName: name, hosts: ['127.0.0.1', ...(options.hosts ?? [])] });
      return listen(server, { ...world, tls: { ...tls, clientCa: authority.cert }, ...(audit ? { audit } : {}) });
    },
  };
}
