/** Ports of an installation: remembered, so that kubeconfigs stay right from one start to the next. */
import type { Disk } from '#world/disk/disk.ts';

export interface Ports {
  /** 0 where none is remembered. */
  readonly of: (cluster: string) => number;
  readonly remember: (cluster: string, port: number) => void;
  /** Writes what has changed. */
  readonly save: () => Promise<void>;
}

export async function rememberedPorts(disk: Disk, path: string): Promise<Ports> {
  const text = await disk.readText(path);
  const ports = new Map<string, number>(
    text === undefined ? [] : Object.entries(JSON.parse(text) as Record<string, number>),
  );
  let changed = false;
  return {
    of: (cluster) => ports.get(cluster) ?? 0,
    remember: (cluster, port) => {
      changed ||= ports.get(cluster) !== port;
      ports.set(cluster, port);
    },
    save: async () => {
      if (changed) await disk.write(path, `${JSON.stringify(Object.fromEntries(ports), null, 2)}\n`);
      changed = false;
    },
  };
}
