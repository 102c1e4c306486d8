/** A client of a process that is killed at one of its writes: done or not, nobody hears of it, and nothing follows. */
import type { ApiClient, ResourceClient } from '#client/api-client.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { serviceUnavailable } from '#kube/status/errors.ts';

export interface Life {
  /** Writes it has left. */
  writes: number;
  /** The last one is done before the process dies. */
  readonly lastIsDone: boolean;
}

const gone = () => serviceUnavailable('simulated: the process has been killed');
const writing = new Set(['create', 'update', 'patch', 'apply', 'delete']);

/** Several clients may share a life; dry runs are no writes. */
export function mortalClient(client: ApiClient, life: Life): ApiClient {
  const call = async (verb: string, args: readonly unknown[], run: () => Promise<unknown>): Promise<unknown> => {
    if (life.writes <= 0) throw gone();
    const isDryRun = args.some((each) => (each as { readonly dryRun?: boolean } | undefined)?.dryRun);
    if (!writing.has(verb) || isDryRun) return run();
    life.writes--;
    if (life.writes > 0) return run();
    if (life.lastIsDone) await run();
    throw gone();
  };
  return {
    ...client,
    resource: (ref) => {
      const inner = client.resource(ref);
      return Object.fromEntries(
        Object.entries(inner).map(([verb, method]) => [
          verb,
          (...args: readonly unknown[]) =>
            call(verb, args, () => (method as (...given: readonly unknown[]) => Promise<unknown>)(...args)),
        ]),
      ) as unknown as ResourceClient<KubeObject> as never;
    },
  };
}
