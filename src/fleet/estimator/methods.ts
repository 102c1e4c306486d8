/**
 * The methods of the reference's gRPC service `Estimator`: their paths, and their requests and answers as bytes. Loaded
 * with the first call that goes over a network.
 */
import { decode, encode } from './messages.ts';
import type { EstimatorService } from './service.ts';
import {
  assumedFromWire,
  assumedToWire,
  componentFromWire,
  componentToWire,
  requirementsFromWire,
  requirementsToWire,
  type WireAssumed,
  type WireComponent,
  type WireRequirements,
} from './wire.ts';

export interface Method<Request> {
  readonly path: string;
  readonly writeRequest: (request: Request) => Buffer;
  /** These two throw ProtobufError for bytes that are no such message. */
  readonly readRequest: (bytes: Buffer) => Request;
  readonly readAnswer: (bytes: Buffer) => number;
  readonly writeAnswer: (answer: number) => Buffer;
}

type Methods = { readonly [Name in keyof EstimatorService]: Method<Parameters<EstimatorService[Name]>[0]> };

const service = 'github.com.karmada_io.karmada.pkg.estimator.service.Estimator';

/** All answers are one number. */
const answerIn = (message: string, field: string) => ({
  writeAnswer: (answer: number) => encode(message, { [field]: answer }),
  readAnswer: (bytes: Buffer) => (decode(message, bytes)[field] as number | undefined) ?? 0,
});

/** Go's Duration counts these. */
const nanosecondsOfMs = 1_000_000;

interface WireAsked {
  readonly cluster?: string;
  readonly assumedWorkloads?: readonly WireAssumed[];
}

const asked = ({ cluster = '', assumedWorkloads = [] }: WireAsked) => ({
  cluster,
  assumed: assumedWorkloads.map(assumedFromWire),
});

export const methods: Methods = {
  maxAvailableReplicas: {
    path: `/${service}/MaxAvailableReplicas`,
    writeRequest: ({ cluster, requirements, assumed }) =>
      encode('pb.MaxAvailableReplicasRequest', {
        cluster,
        ...(requirements ? { replicaRequirements: requirementsToWire(requirements) } : {}),
        assumedWorkloads: assumed.map(assumedToWire),
      }),
    readRequest: (bytes) => {
      const wire = decode('pb.MaxAvailableReplicasRequest', bytes) as WireAsked & {
        readonly replicaRequirements?: WireRequirements | null;
      };
      const { replicaRequirements } = wire;
      return {
        ...asked(wire),
        requirements: replicaRequirements ? requirementsFromWire(replicaRequirements) : undefined,
      };
    },
    ...answerIn('pb.MaxAvailableReplicasResponse', 'maxReplicas'),
  },
  maxAvailableComponentSets: {
    path: `/${service}/MaxAvailableComponentSets`,
    writeRequest: ({ cluster, namespace, components, assumed }) =>
      encode('pb.MaxAvailableComponentSetsRequest', {
        cluster,
        namespace,
        components: components.map(componentToWire),
        assumedWorkloads: assumed.map(assumedToWire),
      }),
    readRequest: (bytes) => {
      const wire = decode('pb.MaxAvailableComponentSetsRequest', bytes) as WireAsked & {
        readonly namespace?: string;
        readonly components?: readonly WireComponent[];
      };
      const { namespace = '', components = [] } = wire;
      return { ...asked(wire), namespace, components: components.map(componentFromWire) };
    },
    ...answerIn('pb.MaxAvailableComponentSetsResponse', 'maxSets'),
  },
  unschedulableReplicas: {
    path: `/${service}/GetUnschedulableReplicas`,
    writeRequest: ({ cluster, resource, thresholdMs }) =>
      encode('pb.UnschedulableReplicasRequest', {
        cluster,
        resource,
        unschedulableThreshold: Math.round(thresholdMs * nanosecondsOfMs),
      }),
    readRequest: (bytes) => {
      const wire = decode('pb.UnschedulableReplicasRequest', bytes) as {
        readonly cluster?: string;
        readonly resource?: Readonly<Record<string, string | undefined>> | null;
        readonly unschedulableThreshold?: number;
      };
      const { apiVersion = '', kind = '', namespace = '', name = '' } = wire.resource ?? {};
      return {
        cluster: wire.cluster ?? '',
        resource: { apiVersion, kind, namespace, name },
        thresholdMs: (wire.unschedulableThreshold ?? 0) / nanosecondsOfMs,
      };
    },
    ...answerIn('pb.UnschedulableReplicasResponse', 'unschedulableReplicas'),
  },
};
