/**
 * Turns at one member: a slow one keeps few of the workers waiting for it, so the others are served meanwhile
 * (ARCHITECTURE.md, "Isolated"). What does not get its turn waits without a worker and is woken when one is free.
 */
export interface MemberTurns {
  /** Undefined: all turns are taken; `key` is woken when one is free. */
  readonly take: <T>(cluster: string, key: string, run: () => Promise<T>) => Promise<T | undefined>;
}

export function memberTurns(most: number, wake: (key: string) => void): MemberTurns {
  const active = new Map<string, number>();
  /** Keys are Works of the cluster: no more than it has of them. */
  const waiting = new Map<string, Set<string>>();

  const end = (cluster: string) => {
    const left = active.get(cluster)! - 1;
    if (left === 0) active.delete(cluster);
    else active.set(cluster, left);
    const line = waiting.get(cluster);
    const next = line?.values().next().value;
    if (!line || next === undefined) return;
    line.delete(next);
    if (line.size === 0) waiting.delete(cluster);
    wake(next);
  };

  return {
    take: async (cluster, key, run) => {
      const now = active.get(cluster) ?? 0;
      if (now >= most) {
        const line = waiting.get(cluster) ?? new Set();
        waiting.set(cluster, line.add(key));
        return undefined;
      }
      active.set(cluster, now + 1);
      try {
        return await run();
      } finally {
        end(cluster);
      }
    },
  };
}
