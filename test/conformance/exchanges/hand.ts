/** Requests in the words of a script; each goes through the door that records it. */
import type { Answered, Asked } from '#harness/exchange.ts';
import type { Anything } from '#harness/kubectl.ts';

type Ask = (asked: Asked) => Promise<Answered>;

export interface Script {
  /** Also the namespace it works in, and the recording's file. */
  readonly name: string;
  readonly run: (hand: Hand) => Promise<void>;
}

export interface Hand {
  readonly namespace: string;
  readonly ask: Ask;
  readonly get: (object: Anything, subresource?: string) => Promise<Anything>;
  readonly create: (object: Anything, manager?: string, query?: string) => Promise<Anything>;
  readonly update: (object: Anything, manager?: string, subresource?: string) => Promise<Anything>;
  /** Server-side; forced when `query` says so. */
  readonly apply: (object: Anything, manager: string, query?: string, subresource?: string) => Promise<Anything>;
  readonly patch: (
    object: Anything,
    type: 'json' | 'merge' | 'strategic',
    patch: Anything,
    manager?: string,
    subresource?: string,
  ) => Promise<Anything>;
  readonly delete: (object: Anything, options?: Anything) => Promise<Anything>;
}

const resources: Readonly<Record<string, string>> = {
  ConfigMap: 'configmaps',
  CronJob: 'cronjobs',
  DaemonSet: 'daemonsets',
  Deployment: 'deployments',
  HorizontalPodAutoscaler: 'horizontalpodautoscalers',
  Ingress: 'ingresses',
  Job: 'jobs',
  NetworkPolicy: 'networkpolicies',
  PersistentVolumeClaim: 'persistentvolumeclaims',
  Pod: 'pods',
  PodDisruptionBudget: 'poddisruptionbudgets',
  PropagationPolicy: 'propagationpolicies',
  ReplicaSet: 'replicasets',
  ResourceBinding: 'resourcebindings',
  Role: 'roles',
  RoleBinding: 'rolebindings',
  Scale: 'deployments',
  Secret: 'secrets',
  Service: 'services',
  ServiceAccount: 'serviceaccounts',
  StatefulSet: 'statefulsets',
  Work: 'works',
};

const types = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
};

export function handOf(namespace: string, ask: Ask): Hand {
  const collection = ({ apiVersion, kind }: Anything) => {
    // A Scale is written where its Deployment is.
    const version = kind === 'Scale' ? 'apps/v1' : apiVersion;
    const root = version.includes('/') ? `/apis/${version}` : `/api/${version}`;
    return `${root}/namespaces/${namespace}/${resources[kind]}`;
  };
  const one = (object: Anything, subresource?: string) =>
    `${collection(object)}/${object.metadata.name}${subresource ? `/${subresource}` : ''}`;
  const query = (manager: string | undefined, more = '') => {
    const parts = [manager ? `fieldManager=${manager}` : '', more].filter((part) => part !== '');
    return parts.length > 0 ? `?${parts.join('&')}` : '';
  };
  const said = async (asked: Asked) => (await ask(asked)).body as Anything;
  const json = 'application/json';
  return {
    namespace,
    ask,
    get: (object, subresource) => said({ method: 'GET', path: one(object, subresource) }),
    create: (object, manager = 'creator', more) =>
      said({ method: 'POST', path: collection(object) + query(manager, more), type: json, body: object }),
    update: (object, manager = 'updater', subresource) => {
      // Times differ from run to run; without this one the server takes its own.
      const { creationTimestamp: _time, ...metadata } = object.metadata;
      const body = { ...object, metadata };
      return said({ method: 'PUT', path: one(body, subresource) + query(manager), type: json, body });
    },
    apply: (object, manager, more, subresource) =>
      said({
        method: 'PATCH',
        path: one(object, subresource) + query(manager, more),
        type: 'application/apply-patch+yaml',
        body: object,
      }),
    patch: (object, type, patch, manager = 'patcher', subresource) =>
      said({ method: 'PATCH', path: one(object, subresource) + query(manager), type: types[type], body: patch }),
    delete: (object, options) =>
      said({ method: 'DELETE', path: one(object), ...(options ? { type: json, body: options } : {}) }),
  };
}

export const force = 'force=true';
