/** Events of both groups: what happened to what, how often, and when last. */
import type { ObjectMeta } from '../../meta/object.ts';
import { type Cell, cellsOf, firstOf, nameOf, since } from './cell.ts';

interface Reference {
  readonly kind?: string;
  readonly name?: string;
  readonly fieldPath?: string;
}

interface Source {
  readonly component?: string;
  readonly host?: string;
}

interface Series {
  readonly count?: number;
  readonly lastObservedTime?: string;
}

interface CommonEvent {
  readonly metadata: ObjectMeta;
  readonly type?: string;
  readonly reason?: string;
  readonly eventTime?: string | null;
  readonly series?: Series;
  readonly reportingInstance?: string;
}

interface CoreEvent extends CommonEvent {
  readonly involvedObject?: Reference;
  readonly message?: string;
  readonly source?: Source;
  readonly count?: number;
  readonly firstTimestamp?: string | null;
  readonly lastTimestamp?: string | null;
  readonly reportingComponent?: string;
}

/** events.k8s.io/v1: the same event under other names. */
interface GroupEvent extends CommonEvent {
  readonly regarding?: Reference;
  readonly note?: string;
  readonly deprecatedSource?: Source;
  readonly deprecatedCount?: number;
  readonly deprecatedFirstTimestamp?: string | null;
  readonly deprecatedLastTimestamp?: string | null;
  readonly reportingController?: string;
}

export const eventCells = cellsOf<CoreEvent>(cells);

export const groupEventCells = cellsOf<GroupEvent>((event, now) =>
  cells(
    {
      ...event,
      involvedObject: event.regarding,
      message: event.note,
      source: event.deprecatedSource,
      count: event.deprecatedCount,
      firstTimestamp: event.deprecatedFirstTimestamp,
      lastTimestamp: event.deprecatedLastTimestamp,
      reportingComponent: event.reportingController,
    },
    now,
  ),
);

function cells(event: CoreEvent, now: number): readonly Cell[] {
  const { involvedObject: object = {}, source = {}, series } = event;
  const first = since(event.firstTimestamp || event.eventTime, now);
  const last = series
    ? since(series.lastObservedTime, now)
    : event.lastTimestamp
      ? since(event.lastTimestamp, now)
      : first;
  const kind = (object.kind ?? '').toLowerCase();
  const instance = firstOf(source.host, event.reportingInstance);
  const component = firstOf(source.component, event.reportingComponent);
  return [
    last,
    event.type ?? '',
    event.reason ?? '',
    object.name ? `${kind}/${object.name}` : kind,
    object.fieldPath ?? '',
    instance ? `${component}, ${instance}` : component,
    (event.message ?? '').trim(),
    first,
    series ? (series.count ?? 0) : event.count || 1,
    nameOf(event),
  ];
}
