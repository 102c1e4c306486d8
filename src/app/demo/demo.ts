/** `npm start`: an empty demo each time, the main job on it, then it stays up until it is asked to stop. */
import { systemDisk } from '#world/disk/system.ts';
import { stopRequested } from '#world/process/process.ts';
import { startUp, world } from '../up/commands.ts';
import { controlPlaneName } from '../up/control-plane.ts';
import { demoDataDirectory, demoKubeconfigFolder, demoPlanFolder } from '../up/places.ts';
import type { Progress } from '../up/progress.ts';
import { type RunRecord, readRunRecord } from '../up/run-record.ts';
import { type JourneyView, journey, type WorkloadResult } from './journey.ts';
import { readScenario } from './scenario.ts';

export interface DemoView extends JourneyView, Progress {
  readonly result: (rows: readonly WorkloadResult[]) => void;
  /** Everything is done and stays up. */
  readonly staying: () => void;
  /** A demo runs already; nothing was touched. */
  readonly already: (record: RunRecord) => void;
}

/** Exit code: 1 when any Pod's uid or restart count changed. */
export async function runDemo({ once }: { readonly once: boolean }, view: DemoView): Promise<number> {
  const dataDirectory = demoDataDirectory();
  const running = await readRunRecord(systemDisk, dataDirectory);
  if (running) {
    view.already(running);
    return 0;
  }
  await systemDisk.remove(dataDirectory);
  await systemDisk.remove(demoKubeconfigFolder());
  await systemDisk.remove(demoPlanFolder());
  const started = await startUp(
    { members: 2, dataDirectory, kubeconfigFolder: demoKubeconfigFolder(), demo: true, ephemeral: false },
    view,
  );
  const stopping = once ? undefined : stopRequested();
  try {
    const rows = await journey({
      controlPlane: started.client(controlPlaneName, 'kubectl'),
      member: (name) => started.client(name, 'kubectl'),
      objects: await readScenario(systemDisk, 'demo'),
      folder: demoPlanFolder(),
      disk: systemDisk,
      ...world,
      view,
    });
    view.result(rows);
    const code = rows.every((row) => row.unchanged) ? 0 : 1;
    if (!stopping) return code;
    view.staying();
    await stopping;
    return code;
  } finally {
    await started.stop();
  }
}
