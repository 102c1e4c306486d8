/**
 * Which events are one: the same news about the same object is counted, many similar ones are combined, and one
 * object may cause only so many writes. The numbers are client-go's (tools/record EventCorrelator).
 */
import type { KubeObject } from '#kube/meta/object.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { EventType } from '../events.ts';
import { boundedMap } from './bounded-map.ts';

/** From the eleventh different message on, events that differ only in the message are one. */
const similarBeforeCombined = 10;
const similarWindowMs = 10 * 60_000;
/** Writes about one object: 25 at once, then one in five minutes. */
const burst = 25;
const refillMs = 5 * 60_000;
/** Objects and groups of similar events we keep count of. */
const mostRemembered = 4_096;

export interface EventNews {
  readonly component: string;
  readonly object: KubeObject;
  readonly type: EventType;
  readonly reason: string;
  message: string;
  /** Wall clock, milliseconds since 1970. */
  readonly at: number;
}

export interface Correlated extends EventNews {
  /** The same for events that are written as one. */
  readonly key: string;
  /** The same for all that one component says of one object. */
  readonly subject: string;
}

export interface EventCorrelator {
  readonly correlate: (news: EventNews) => Correlated;
  /** Takes one write from the object's allowance. */
  readonly allows: (event: Correlated) => boolean;
}

const subjectOf = ({ component, object: { apiVersion, kind, metadata } }: EventNews): string =>
  `${component}\0${apiVersion}\0${kind}\0${metadata.namespace ?? ''}\0${metadata.name ?? ''}\0${metadata.uid ?? ''}`;

export function eventCorrelator(clock: Clock): EventCorrelator {
  const similar = boundedMap<string, { readonly messages: Set<string>; readonly since: number }>(mostRemembered);
  const allowances = boundedMap<string, { readonly tokens: number; readonly at: number }>(mostRemembered);
  return {
    correlate: (news) => {
      const subject = subjectOf(news);
      const group = `${subject}\0${news.type}\0${news.reason}`;
      let seen = similar.get(group);
      if (!seen || news.at - seen.since > similarWindowMs) {
        seen = { messages: new Set(), since: news.at };
        similar.set(group, seen);
      }
      if (!seen.messages.has(news.message) && seen.messages.size >= similarBeforeCombined) {
        return { ...news, subject, key: group, message: `(combined from similar events): ${news.message}` };
      }
      seen.messages.add(news.message);
      return { ...news, subject, key: `${group}\0${news.message}` };
    },
    allows: ({ subject }) => {
      const now = clock.monotonic();
      const before = allowances.get(subject) ?? { tokens: burst, at: now };
      const tokens = Math.min(burst, before.tokens + (now - before.at) / refillMs);
      allowances.set(subject, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
      return tokens >= 1;
    },
  };
}
