/** An API server that is measured: its own processes, reached over mutual TLS, its data on a real disk. */
import type { ClusterAccess } from '#client/kubeconfig/access.ts';
import type { Inspector } from '../inspector.ts';
import { type Usage, usageOf } from '../usage.ts';

export interface Contestant {
  /** In front of its figures; '' for ours. */
  readonly prefix: string;
  readonly access: ClusterAccess;
  readonly pids: () => readonly number[];
  /** Only of ours, and only where a profile was asked for. */
  readonly inspector?: () => Inspector | undefined;
  /** Ends it and starts it on the same data; resolves when it says that it is ready. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Of all its processes together. */
export function usageOfAll(contestant: Contestant): Usage {
  const all = contestant.pids().map(usageOf);
  const sum = (part: keyof Usage) => all.reduce((total, usage) => total + usage[part], 0);
  return {
    cpuSeconds: sum('cpuSeconds'),
    mainThreadSeconds: sum('mainThreadSeconds'),
    residentBytes: sum('residentBytes'),
    ownBytes: sum('ownBytes'),
    peakBytes: sum('peakBytes'),
  };
}
