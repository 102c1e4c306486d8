/** The estimator of a cluster over gRPC: connected with the first question, and found anew when it cannot be reached. */
import type { Clock } from '#world/clock/clock.ts';
import type { GrpcClient, GrpcClientTls } from '#world/network/grpc.ts';
import type { Method } from './methods.ts';
import type { EstimatorService } from './service.ts';

export interface RemoteOptions {
  /** `host:port`, to be tried in their order. Asked for with every new connection. */
  readonly addresses: () => Promise<readonly string[]>;
  /** undefined: plain text. Asked for with every new connection: certificates are renewed. */
  readonly tls: () => Promise<GrpcClientTls | undefined>;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

export interface RemoteEstimator extends EstimatorService {
  readonly close: () => void;
}

/** Between two connections to one that cannot be reached. */
const restMs = 1_000;

interface Connection {
  readonly methods: typeof import('./methods.ts').methods;
  readonly client: GrpcClient;
}

export function remoteEstimator({ addresses, tls, timeoutMs, clock }: RemoteOptions): RemoteEstimator {
  let connecting: Promise<Connection> | undefined;
  let attempts = 0;
  let rest: { readonly until: number; readonly why: string } | undefined;
  let closed = false;

  const connect = async (): Promise<Connection> => {
    const [{ grpcClient }, { methods }, found, access] = await Promise.all([
      import('#world/network/grpc.ts'),
      import('./methods.ts'),
      addresses(),
      tls(),
    ]);
    if (closed) throw new Error('the connection is closed');
    const address = found[attempts % found.length]!;
    return { methods, client: grpcClient({ address, ...(access ? { tls: access } : {}) }) };
  };

  /** The connection that failed, unless another one has taken its place. */
  const giveUp = (failed: Promise<Connection>, error: Error) => {
    if (connecting !== failed) return;
    connecting = undefined;
    attempts += 1;
    rest = { until: clock.monotonic() + restMs, why: error.message };
    failed.then(
      ({ client }) => client.close(),
      () => {},
    );
  };

  const call = async <Request>(
    methodOf: (methods: Connection['methods']) => Method<Request>,
    request: Request,
  ): Promise<number> => {
    if (rest && clock.monotonic() < rest.until) throw new Error(`not asked again so soon after: ${rest.why}`);
    connecting ??= connect();
    const own = connecting;
    const { methods, client } = await own.catch((error: unknown) => {
      giveUp(own, error as Error);
      throw error;
    });
    try {
      const method = methodOf(methods);
      const answer = method.readAnswer(await client.call(method.path, method.writeRequest(request), timeoutMs));
      rest = undefined;
      return answer;
    } catch (error) {
      const { code } = error as { readonly code?: string };
      if (code === 'UNAVAILABLE' || code === 'DEADLINE_EXCEEDED') giveUp(own, error as Error);
      throw error;
    }
  };

  return {
    maxAvailableReplicas: (request) => call((methods) => methods.maxAvailableReplicas, request),
    maxAvailableComponentSets: (request) => call((methods) => methods.maxAvailableComponentSets, request),
    unschedulableReplicas: (request) => call((methods) => methods.unschedulableReplicas, request),
    close: () => {
      closed = true;
      connecting?.then(
        ({ client }) => client.close(),
        () => {},
      );
    },
  };
}
