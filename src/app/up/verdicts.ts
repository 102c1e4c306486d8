/** Lets the control plane's API server answer why the scheduler decides as it does, while one runs in this process. */
import { answerVerdict, type Explain, verdictResources } from '#flow/2-schedule/serve.ts';
import type { SchedulerDoors } from '../components/scheduler.ts';
import type { ClusterServerOptions } from './cluster-server.ts';

interface Verdicts {
  readonly answered: NonNullable<ClusterServerOptions['answered']>;
  readonly explains: NonNullable<SchedulerDoors['explains']>;
}

export function verdicts(): Verdicts {
  let explain: Explain | undefined;
  const answer = answerVerdict(() => explain);
  return {
    answered: Object.fromEntries(verdictResources.map((resource) => [resource, answer])),
    explains: (now) => {
      explain = now;
    },
  };
}
