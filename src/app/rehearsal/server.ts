/** An API server of a rehearsal: everybody in it may do everything, and it calls nobody outside the process. */
import type { AdmissionReviewer } from '#kube/admission/review.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import { rawPaths } from '#server/http/raw.ts';
import { type ApiServer, createApiServer } from '#server/serve.ts';
import type { Store } from '#server/storage/store.ts';
import { machine } from '#world/process/process.ts';
import type { World } from '#world/world.ts';
import { kubernetesRelease } from '../up/cluster-server.ts';

export interface ServerUnderRehearsal {
  readonly name: string;
  readonly store: Store;
  readonly world: World;
  readonly kinds: readonly KindDefinition[];
  readonly serviceCidr?: string;
  readonly disabledAdmission: readonly string[];
  /** Our own webhook at this address. */
  readonly own?: (url: string) => AdmissionReviewer | undefined;
}

/** What webhooks of users say is not known here: their configurations are, and they let everything pass. */
const allowing: AdmissionReviewer = () => ({ allowed: true });

export async function startServer({
  name,
  store,
  world,
  kinds,
  serviceCidr,
  disabledAdmission,
  own,
}: ServerUnderRehearsal): Promise<ApiServer> {
  const server = createApiServer({
    name,
    space: name,
    store,
    world,
    kinds,
    raw: rawPaths({ release: kubernetesRelease, platform: machine.platform }),
    disabledAdmission,
    webhooks: {
      resolve: (_configuration, { clientConfig }) => own?.(clientConfig.url ?? '') ?? allowing,
    },
    ...(serviceCidr ? { serviceCidr } : {}),
  });
  await server.start();
  return server;
}
