/** Lines out of a byte stream whose chunks end anywhere, in the middle of a character too. */
import { entityTooLarge } from '#kube/status/errors.ts';

/** etcd's largest object is 1.5 MiB; JSON of 16 MiB is none. */
const longestLine = 16 * 1024 * 1024;

const newline = 0x0a;

export interface LineSplitter {
  /** The lines that are complete now, without empty ones. */
  readonly push: (chunk: Uint8Array) => readonly string[];
  /** True when the stream may end here: nothing half is left. */
  readonly clean: () => boolean;
}

export function lineSplitter(): LineSplitter {
  const decoder = new TextDecoder();
  let parts: Uint8Array[] = [];
  let size = 0;

  const keep = (part: Uint8Array) => {
    if (part.byteLength === 0) return;
    size += part.byteLength;
    if (size > longestLine) throw entityTooLarge(`a watch event is longer than ${longestLine} bytes`);
    parts.push(part);
  };

  /** A line break is never part of another UTF-8 character, so whole lines decode on their own. */
  const take = (last: Uint8Array): string => {
    keep(last);
    const text = parts.length === 1 ? decoder.decode(parts[0]) : decoder.decode(joined(parts, size));
    parts = [];
    size = 0;
    return text;
  };

  return {
    push: (chunk) => {
      const lines: string[] = [];
      let from = 0;
      for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
        const line = take(chunk.subarray(from, at));
        if (line.trim() !== '') lines.push(line);
        from = at + 1;
      }
      // A copy: the chunk's memory may be used again by the stream.
      keep(chunk.slice(from));
      return lines;
    },
    clean: () => size === 0,
  };
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}
