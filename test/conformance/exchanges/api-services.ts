/** APIServices: what is refused of them, what becomes of those that are taken, and what there are from the start. */
import type { Hand, Script } from './hand.ts';

const path = '/apis/apiregistration.k8s.io/v1/apiservices';

const service = (name: string, spec: object) => ({
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name },
  spec,
});

const create = (hand: Hand, body: object, query = '') =>
  hand.ask({ method: 'POST', path: path + query, type: 'application/json', body: body as never });

const wellFormed = { group: 'refused.example.com', version: 'v1', groupPriorityMinimum: 100, versionPriority: 10 };

async function refusals(hand: Hand): Promise<void> {
  const reference = { name: '', namespace: '', port: 0 };
  await create(
    hand,
    service('v1.wrong', {
      group: 'bad_group.example.com',
      version: 'V1',
      groupPriorityMinimum: 0,
      versionPriority: 1001,
      insecureSkipTLSVerify: true,
      caBundle: 'YQ==',
      service: reference,
    }),
  );
  await create(
    hand,
    service('v1.wrong', { version: 'v2', groupPriorityMinimum: 30_000, versionPriority: 10, caBundle: 'YQ==' }),
  );
  await create(hand, service('v1.other.example.com', wellFormed));
  await create(hand, service('v1.refused.example.com', { ...wellFormed, insecureSkipTLSVerify: true }));
  await create(hand, service('v1.refused.example.com', { ...wellFormed, caBundle: 1 }));
  await create(hand, service('v1.refused.example.com', { ...wellFormed, unknown: 1 }), '?fieldValidation=Strict');
  // Nothing is stored of a dry run, so nothing is said of its availability either.
  const remote = { ...wellFormed, service: { name: 'api', namespace: 'default' } };
  await create(hand, service('v1.refused.example.com', remote), '?dryRun=All');
}

/** Of what every server has, all but its priorities depends on the moment. */
async function own(hand: Hand): Promise<void> {
  for (const name of ['v1.nothing.example.com', 'v1.apiregistration.k8s.io'])
    await hand.ask({ method: 'GET', path: `${path}/${name}` });
  await hand.ask({ method: 'GET', path: '/apis/apiregistration.k8s.io' });
  await hand.ask({ method: 'GET', path: '/apis/nothing.example.com' });
  await hand.ask({ method: 'GET', path: '/apis/apps/v9' });
}

export const apiServiceScripts: readonly Script[] = [
  { name: 'apiservices-refusals', run: refusals },
  { name: 'discovery-paths', run: own },
];
