/** Many watchers of one object: each hears of each change. */
import { within } from '../follow.ts';
import { inParallel } from '../load.ts';
import type { Contestant } from './contestant.ts';
import { createMap, touch, watchMaps } from './phases.ts';
import { type Wire, wireTo } from './wire.ts';

const patienceMs = 120_000;

/** Resolves when all of `events` have come to all of `watchers`; `timed` is called when all are watching. */
export async function fanOut(
  contestant: Contestant,
  wire: Wire,
  { watchers, events }: { readonly watchers: number; readonly events: number },
  timed: (work: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const target = 'config-0';
  await wire.ask(createMap(0)).catch(() => {});
  await wire.ask(touch(target, `before ${watchers}`));
  const watching = wireTo(contestant.access, watchers + 1);
  const left = new AbortController();
  const done = Promise.withResolvers<void>();
  let delivered = 0;
  try {
    // The state now comes as one event to each.
    const started = Promise.withResolvers<void>();
    let begun = 0;
    const line = () => {
      if (++begun === watchers) started.resolve();
      else if (begun > watchers && ++delivered === watchers * events) done.resolve();
    };
    await inParallel(watchers, () => watching.lines(watchMaps(target, '0'), line, left.signal));
    await within(patienceMs, () => `${begun} of ${watchers} have begun`, started.promise);
    await timed(async () => {
      await inParallel(events, (index) => wire.ask(touch(target, `${watchers} ${index}`)));
      await within(patienceMs, () => `${delivered} of ${watchers * events} delivered`, done.promise);
    });
  } finally {
    left.abort();
    await watching.close();
  }
}
