/** The core/v1 Event for a piece of news, as client-go's recorder would write it. */
import type { Event } from '#apis/kubernetes/types.ts';
import { dns1123Subdomain } from '#kube/names/validate.ts';
import { timestamp } from '#world/clock/clock.ts';
import type { EventNews } from './correlate.ts';

/** Kubernetes' own limit for messages is 1,024 bytes in events.k8s.io. */
const longestMessage = 1_024;
const longestName = 253;

let sequence = 0;

/** `<object's name>.<hex of nanoseconds>`; nanoseconds we do not have are a count, so that names differ. */
function eventName(object: string, uid: string | undefined, at: number): string {
  sequence = (sequence + 1) % 1_000_000;
  const hex = (BigInt(Math.trunc(at)) * 1_000_000n + BigInt(sequence)).toString(16);
  const stem = object.slice(0, longestName - hex.length - 1);
  // Names of RBAC objects may hold what an Event's name may not.
  const allowed = dns1123Subdomain(`${stem}.${hex}`).length === 0;
  return `${allowed ? stem : (uid ?? 'event')}.${hex}`;
}

export function newEvent(news: EventNews & { readonly count: number; readonly last: number }): Event {
  const { object, component, type, reason, message } = news;
  const { namespace, name = '', uid, resourceVersion } = object.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: eventName(name, uid, news.at), namespace: namespace ?? 'default' },
    involvedObject: {
      kind: object.kind,
      ...(namespace ? { namespace } : {}),
      name,
      ...(uid ? { uid } : {}),
      apiVersion: object.apiVersion,
      ...(resourceVersion ? { resourceVersion } : {}),
    },
    reason,
    message: message.length > longestMessage ? `${message.slice(0, longestMessage - 1)}…` : message,
    source: { component },
    firstTimestamp: timestamp(news.at),
    lastTimestamp: timestamp(news.last),
    count: news.count,
    type,
    reportingComponent: component,
    reportingInstance: '',
  };
}
