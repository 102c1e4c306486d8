/** Which lines of a log are asked for, and how they are written. Pure. */
import type { LogOptions } from '#kube/connect/nodes.ts';
import type { LogLine } from './story.ts';

/** RFC 3339 with nanoseconds, all nine digits: how kubelets write the time in front of a line. */
const stamp = (time: number) => `${new Date(time).toISOString().slice(0, -1)}000000Z`;

const wanted = ({ time, stream }: LogLine, options: LogOptions): boolean =>
  (options.since === undefined || time >= options.since) && (options.stream === 'All' || options.stream === stream);

/** `now` stands between what has been and what comes; a tail counts only what has been. */
export async function* selected(lines: AsyncIterable<LogLine | 'now'>, options: LogOptions): AsyncIterable<Uint8Array> {
  const { tailLines, timestamps, limitBytes } = options;
  let left = limitBytes ?? Number.POSITIVE_INFINITY;
  const written = ({ time, text }: LogLine): Buffer => {
    const bytes = Buffer.from(`${timestamps ? `${stamp(time)} ` : ''}${text}\n`).subarray(0, Math.min(left, 2 ** 31));
    left -= bytes.byteLength;
    return bytes;
  };
  let tail: LogLine[] | undefined = tailLines === undefined ? undefined : [];
  for await (const line of lines) {
    if (line === 'now') {
      for (const each of tail ?? []) {
        yield written(each);
        if (left <= 0) return;
      }
      tail = undefined;
      continue;
    }
    if (!wanted(line, options)) continue;
    if (tail) {
      tail.push(line);
      if (tail.length > tailLines!) tail.shift();
      continue;
    }
    yield written(line);
    if (left <= 0) return;
  }
}
