/** nginx runs in member1 and has been taken over: where many tests of the flow begin. */
import { type Flow, startFlow } from './flow.ts';
import { kubectl } from './kubectl.ts';
import { applied, handsOn, nginx, nginxService, policyFor } from './samples.ts';

export const everything = [
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'v1', kind: 'Service' },
];
export const migratePolicy = policyFor('migrate-pp', everything);

/** `before`: the member's objects before the migration. */
export async function migratedFlow() {
  const flow = await startFlow();
  const hands = handsOn(flow);
  const before = [await hands.member1.apply(nginx), await hands.member1.apply(nginxService)];
  await hands.control.apply(nginx);
  await hands.control.apply(nginxService);
  await hands.control.apply(migratePolicy);
  await applied(flow, nginx);
  await applied(flow, nginxService);
  return { ...hands, flow, before };
}

/** Every event about objects of this name, as one line. */
export async function eventsOf(flow: Flow, name: string): Promise<readonly string[]> {
  await flow.pass(1_000);
  const events = await kubectl(flow.control).list('v1', 'Event');
  return events
    .filter((event) => event.involvedObject.name === name)
    .map(
      (event) =>
        `${event.involvedObject.kind} ${event.type} ${event.reason} ${event.source?.component ?? event.reportingComponent}: ${event.message}`,
    );
}
