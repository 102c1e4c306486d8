/** The lines of one run of a container in order of time: its story, what was put into its journal, its last words. */
import { boundedQueue } from '#kube/connect/queue.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { ContainerRun } from '../container/runs.ts';
import { type CatchUp, catchUp } from './catch-up.ts';
import type { Journal } from './journal.ts';
import { type LogLine, lastWords, type Tell } from './story.ts';

export interface LineSource {
  readonly run: ContainerRun;
  readonly world: Clock;
  readonly journal: Journal;
  /** Tells what the container's process says, in the time it is given. Ends when the process does, or by the signal. */
  readonly tell: (clock: Clock, tell: Tell, signal: AbortSignal) => Promise<void>;
  /** Resolves with the run as it then is when it has ended; by the signal with undefined. */
  readonly ended: (signal: AbortSignal) => Promise<ContainerRun | undefined>;
}

/** Lines waiting for whoever reads them. */
const mostWaiting = 200;

/** Of what has been, at most so much is told: about what a kubelet keeps of a log. */
const mostTold = 20_000;
/** A script that computes and never waits is given up after this long. */
const longestTellingMs = 2_000;

/** `now` comes once, when all that has been is told. Ends there without `follow`, else with the run or the signal. */
export async function* linesOf(
  source: LineSource,
  follow: boolean,
  signal: AbortSignal,
): AsyncIterable<LogLine | 'now'> {
  const { run, world, journal } = source;
  const following = follow && !run.ended;
  const until = run.ended?.at ?? Number.POSITIVE_INFINITY;
  const story = new AbortController();
  const stop = () => story.abort();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const time = catchUp(world, run.startedAt, following);
  const queue = boundedQueue<LogLine | 'now'>(() => 1, mostWaiting);
  const unfollow = following ? journal.follow(run.id, (line) => void queue.push(line)) : () => {};
  const past = [...journal.lines(run.id)];
  void produce(source, time, { past, until, queue, following, story }).catch(stop);
  if (following)
    void source.ended(story.signal).then(async (after) => {
      const words = after && lastWords(after);
      if (words) await queue.push(words);
      queue.end();
      stop();
    });
  story.signal.addEventListener('abort', () => queue.end(), { once: true });
  try {
    yield* queue;
  } finally {
    unfollow();
    signal.removeEventListener('abort', stop);
    stop();
  }
}

interface Production {
  readonly past: LogLine[];
  readonly until: number;
  readonly queue: ReturnType<typeof boundedQueue<LogLine | 'now'>>;
  readonly following: boolean;
  readonly story: AbortController;
}

async function produce(
  { run, world, tell }: LineSource,
  time: CatchUp,
  { past, until, queue, following, story }: Production,
): Promise<void> {
  let present = false;
  let told = 0;
  const put = async (line: LogLine) => {
    // What was put into the journal in the meantime comes first.
    while (!present && past.length > 0 && past[0]!.time <= line.time) await queue.push(past.shift()!);
    return queue.push(line);
  };
  const telling = tell(
    time.clock,
    async (stream, text) => {
      const now = time.clock.now();
      if (now > until || (!present && ++told > mostTold)) return false;
      return put({ time: now, stream, text });
    },
    story.signal,
  );
  const late = new Promise<void>((resolve) => {
    world.after(longestTellingMs, resolve);
  });
  await Promise.race([telling, time.reached, late]);
  for (const line of past.splice(0)) if (line.time <= until) await queue.push(line);
  const words = lastWords(run);
  if (words) await queue.push(words);
  present = true;
  await queue.push('now');
  if (following) return;
  queue.end();
  story.abort();
}
