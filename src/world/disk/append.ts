/** Files that only grow: logs, and the output of processes of their own. */
import { createWriteStream, openSync } from 'node:fs';

const ownerOnly = 0o600;

/** Opens for appending, making the file the first time; what cannot be written is lost rather than waited for. */
export function openAppend(path: string): (line: string) => void {
  const stream = createWriteStream(path, { flags: 'a', mode: ownerOnly });
  stream.on('error', () => {});
  return (line) => {
    stream.write(line);
  };
}

/** A descriptor to hand to a child; the file is begun anew. */
export const openOutputFile = (path: string): number => openSync(path, 'w', ownerOnly);
