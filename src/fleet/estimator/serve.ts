/** An estimator behind gRPC, for schedulers and deschedulers of other processes. */
import type { GrpcMethod, GrpcServer, GrpcServerTls } from '#world/network/grpc.ts';
import type { Method } from './methods.ts';
import type { EstimatorService } from './service.ts';

export interface ServeOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Absent: plain text. */
  readonly tls?: GrpcServerTls;
}

const answering =
  <Request>(method: Method<Request>, answer: (request: Request) => Promise<number>): GrpcMethod =>
  async (bytes) =>
    method.writeAnswer(await answer(method.readRequest(bytes)));

export async function serveEstimator(estimator: EstimatorService, options: ServeOptions): Promise<GrpcServer> {
  const [{ serveGrpc }, { methods }] = await Promise.all([import('#world/network/grpc.ts'), import('./methods.ts')]);
  const { maxAvailableReplicas, maxAvailableComponentSets, unschedulableReplicas } = methods;
  return serveGrpc({
    ...options,
    methods: {
      [maxAvailableReplicas.path]: answering(maxAvailableReplicas, estimator.maxAvailableReplicas),
      [maxAvailableComponentSets.path]: answering(maxAvailableComponentSets, estimator.maxAvailableComponentSets),
      [unschedulableReplicas.path]: answering(unschedulableReplicas, estimator.unschedulableReplicas),
    },
  });
}
