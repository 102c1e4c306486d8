/** The events of an object. */
import { type Event, Events } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { humanDuration } from '#kube/table/duration.ts';
import type { Page } from './page.ts';

/** Oldest first. None where events cannot be read: the description stands without them. */
export async function eventsOf(client: ApiClient, { kind, metadata }: KubeObject): Promise<readonly Event[]> {
  const { name = '', namespace, uid } = metadata;
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['name', name],
    ['namespace', namespace],
    ['kind', kind],
    ['uid', uid],
  ];
  const fieldSelector = fields
    .flatMap(([field, value]) => (value ? [`involvedObject.${field}=${value}`] : []))
    .join(',');
  try {
    const { items } = await client.resource(Events).list({ ...(namespace ? { namespace } : {}), fieldSelector });
    return [...items].sort((a, b) => lastSeen(a) - lastSeen(b));
  } catch {
    return [];
  }
}

const time = (timestamp: string | null | undefined) => (timestamp ? Date.parse(timestamp) : Number.NaN);

function lastSeen({ series, lastTimestamp, eventTime, metadata }: Event): number {
  const candidates = [series?.lastObservedTime, lastTimestamp, eventTime, metadata.creationTimestamp];
  return time(candidates.find((each) => each)) || 0;
}

export function describeEvents(page: Page, events: readonly Event[], now: number): void {
  if (events.length === 0) {
    page.field(0, 'Events', '<none>');
    return;
  }
  page.break();
  page.line(0, 'Events:');
  page.line(1, 'Type\tReason\tAge\tFrom\tMessage');
  page.line(1, '----\t------\t----\t----\t-------');
  for (const event of events) {
    const { type = '', reason = '', source, reportingComponent, message = '' } = event;
    const from = source?.component || reportingComponent || '';
    page.line(1, [type, reason, ageOf(event, now), from, message.trim()].join('\t'));
  }
}

/** `18s (x2 over 3m)`: since it was last seen, how often, since when. */
function ageOf({ eventTime, firstTimestamp, lastTimestamp, series, count = 0 }: Event, now: number): string {
  const since = (timestamp: string | null | undefined) =>
    timestamp ? humanDuration(now - time(timestamp)) : '<unknown>';
  const first = since(eventTime ?? firstTimestamp);
  if (series) return `${since(series.lastObservedTime)} (x${series.count ?? 0} over ${first})`;
  return count > 1 ? `${since(lastTimestamp)} (x${count} over ${first})` : first;
}
