/** The closing table of the demo: each workload's Pods before and after, and where it runs now. */
import type { WorkloadResult } from '#app/demo/journey.ts';
import { alignColumns } from './columns.ts';

/** Enough of a uid to tell Pods of one screen apart. */
const shownLetters = 8;

const uids = (all: readonly string[]) =>
  [...all]
    .sort()
    .map((uid) => uid.slice(0, shownLetters))
    .join(',') || '-';

export const demoTable = (rows: readonly WorkloadResult[]): string =>
  alignColumns([
    ['WORKLOAD', 'POD UIDS BEFORE', 'POD UIDS AFTER', 'RESTARTS', 'UNCHANGED', 'RUNS IN'],
    ...rows.map(({ workload, uidsBefore, uidsAfter, restartsBefore, restartsAfter, unchanged, runsIn }) => [
      workload,
      uids(uidsBefore),
      uids(uidsAfter),
      `${restartsBefore} -> ${restartsAfter}`,
      unchanged ? 'yes' : 'NO',
      runsIn.join(','),
    ]),
  ]);
