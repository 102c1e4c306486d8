/** Addresses for Services of type LoadBalancer and for Ingresses, from a range of the cluster's own. */
import { type Ingress, Ingresses, type Service, Services } from '#apis/kubernetes/types.ts';
import type { CachedResource } from '#client/cached.ts';
import type { Change, Informer } from '#client/informer/informer.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { type Controller, done, type Result, terminal } from '#runtime/reconciler.ts';
import type { WorkloadOptions } from '../options.ts';
import { components, eventReasons } from '../reasons.ts';
import { managedResource } from '../resources.ts';
import { priorityOf } from '../wake.ts';
import {
  addressOf,
  balancedIngress,
  balancedService,
  freeAddress,
  freedService,
  hasFinalizer,
  wantsLoadBalancer,
  withFinalizer,
  withoutFinalizer,
} from './plan.ts';

interface CloudContext {
  readonly services: CachedResource<Service>;
  readonly ingresses: CachedResource<Ingress>;
  readonly serviceEvents: EventRecorder;
  readonly ingressEvents: EventRecorder;
  readonly range: readonly string[];
}

/** Two at a time could give one address twice: each kind's turn is over before the next begins. */
const workers = 1;

const serviceKey = (service: KubeObject) => `service:${keyOf(service)}`;
const ingressKey = (ingress: KubeObject) => `ingress:${keyOf(ingress)}`;

/** `range`: the addresses there are to give. */
export function cloudController(options: WorkloadOptions, range: readonly string[]): Controller {
  const context: CloudContext = {
    services: managedResource(options, Services),
    ingresses: managedResource(options, Ingresses),
    serviceEvents: options.events(components.cloud),
    ingressEvents: options.events(components.ingress),
    range,
  };
  return {
    name: 'cloud',
    workers,
    setUp: (enqueue) => {
      const follow = <T extends Service | Ingress>(informer: Informer<T>, key: (object: KubeObject) => string) =>
        informer.onChange((change) => {
          if (change.type !== 'deleted') enqueue(key(change.object), priorityOf(change));
          if (isFreed(change)) for (const waiting of withoutAddress(context)) enqueue(waiting);
        });
      follow(context.services.informer, serviceKey);
      follow(context.ingresses.informer, ingressKey);
    },
    reconcile: (key) => {
      const [kind, name] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)];
      return kind === 'service' ? reconcileService(context, name) : reconcileIngress(context, name);
    },
  };
}

/** Does an address come back with this change, for which others may be waiting? */
function isFreed(change: Change<Service | Ingress>): boolean {
  if (change.type === 'deleted') return addressOf(change.object) !== undefined;
  return change.type === 'updated' && addressOf(change.old) !== undefined && addressOf(change.object) === undefined;
}

const withoutAddress = ({ services, ingresses }: CloudContext): readonly string[] => [
  ...services.informer
    .list()
    .filter((service) => wantsLoadBalancer(service) && addressOf(service) === undefined)
    .map(serviceKey),
  ...ingresses.informer
    .list()
    .filter((ingress) => addressOf(ingress) === undefined)
    .map(ingressKey),
];

function taken({ services, ingresses }: CloudContext): ReadonlySet<string> {
  const objects = [...services.informer.list(), ...ingresses.informer.list()];
  return new Set(objects.map(addressOf).filter((address) => address !== undefined));
}

const noneLeft = ({ range }: CloudContext) =>
  `all ${range.length} addresses of this cluster's load balancers are taken`;

async function reconcileService(context: CloudContext, key: string): Promise<Result> {
  const { services, serviceEvents: events, range } = context;
  const service = services.get(key);
  if (!service) return done;
  if (!wantsLoadBalancer(service)) return release(context, service);
  const marked = hasFinalizer(service) ? service : await services.update(withFinalizer(service));
  if (addressOf(marked) !== undefined) return done;
  events.event(marked, 'Normal', eventReasons.ensuringLoadBalancer, 'Ensuring load balancer');
  const ip = freeAddress(range, taken(context), marked.spec?.loadBalancerIP);
  if (ip === undefined) {
    const text = noneLeft(context);
    events.event(marked, 'Warning', eventReasons.failedLoadBalancer, `Error syncing load balancer: ${text}`);
    return terminal(text);
  }
  await services.updateStatus(balancedService(marked, ip));
  events.event(marked, 'Normal', eventReasons.ensuredLoadBalancer, 'Ensured load balancer');
  return done;
}

/** A Service that has, or had, a load balancer and wants none. One of a class of its own is somebody else's. */
async function release({ services, serviceEvents }: CloudContext, service: Service): Promise<Result> {
  if (!hasFinalizer(service)) return done;
  const freed = addressOf(service) === undefined ? service : await services.updateStatus(freedService(service));
  await services.update(withoutFinalizer(freed));
  serviceEvents.event(service, 'Normal', eventReasons.deletedLoadBalancer, 'Deleted load balancer');
  return done;
}

async function reconcileIngress(context: CloudContext, key: string): Promise<Result> {
  const { ingresses, ingressEvents, range } = context;
  const ingress = ingresses.get(key);
  if (!ingress || ingress.metadata.deletionTimestamp || addressOf(ingress) !== undefined) return done;
  const ip = freeAddress(range, taken(context));
  if (ip === undefined) {
    const text = noneLeft(context);
    ingressEvents.event(ingress, 'Warning', eventReasons.failedLoadBalancer, text);
    return terminal(text);
  }
  await ingresses.updateStatus(balancedIngress(ingress, ip));
  return done;
}
