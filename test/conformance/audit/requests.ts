/** What is asked of an API server that keeps an audit log, and the policy it keeps it by. */
import type { Asked, Door } from '#harness/exchange.ts';
import type { Anything } from '#harness/kubectl.ts';
import { as, nobody, type Who } from '../exchanges/auth/asking.ts';
import { configMap, object } from '../exchanges/samples.ts';

export const policy = `
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: []
rules:
  - level: None
    nonResourceURLs: ["/healthz*"]
  - level: Metadata
    resources:
      - group: ""
        resources: ["secrets", "serviceaccounts/token"]
  - level: Request
    resources:
      - group: ""
        resources: ["configmaps"]
        resourceNames: ["request"]
    omitStages: ["RequestReceived"]
  - level: RequestResponse
    omitManagedFields: true
    verbs: ["create", "update", "patch", "delete", "deletecollection"]
    resources:
      - group: ""
        resources: ["configmaps", "pods/binding", "pods/eviction"]
      - group: apps
  - level: RequestResponse
    resources:
      - group: authorization.k8s.io
      - group: ""
        resources: ["pods"]
  - level: None
    users: ["silent"]
  - level: Metadata
    omitStages: ["RequestReceived"]
`;

export const namespace = 'audited';

type Ask = (method: string, path: string, body?: Anything, more?: Partial<Asked>) => Promise<Anything>;

const core = `/api/v1/namespaces/${namespace}`;

async function writes(ask: Ask): Promise<void> {
  await ask('POST', '/api/v1/namespaces', object('v1', 'Namespace', namespace));
  await ask('POST', `${core}/configmaps`, configMap('one', { a: '1' }));
  await ask('PUT', `${core}/configmaps/one`, configMap('one', { a: '2' }));
  await ask('PATCH', `${core}/configmaps/one`, { data: { b: '3' } }, { type: 'application/merge-patch+json' });
  const applied = { ...configMap('one', { c: '4' }) };
  await ask('PATCH', `${core}/configmaps/one?fieldManager=me&force=true`, applied, {
    type: 'application/apply-patch+yaml',
  });
  await ask('POST', `${core}/configmaps`, { ...configMap('', {}), metadata: { name: 'Wrong' } });
  await ask('POST', `${core}/configmaps?dryRun=All`, configMap('dry', {}));
  await ask('POST', `${core}/configmaps`, configMap('request', { a: '1' }));
  await ask('PUT', `${core}/configmaps/request`, configMap('request', { a: '2' }));
  await ask('DELETE', `${core}/configmaps/one`, { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0 });
  await ask('DELETE', `${core}/configmaps/gone`);
  await ask('POST', `${core}/secrets`, object('v1', 'Secret', 'hidden', { data: { a: 'MQ==' } }));
  await ask('POST', `${core}/serviceaccounts`, object('v1', 'ServiceAccount', 'robot'));
}

async function reads(ask: Ask): Promise<void> {
  await ask('GET', `${core}/configmaps/request`);
  await ask('GET', `${core}/configmaps/gone`);
  await ask('GET', `${core}/secrets/hidden`);
  await ask('GET', `${core}/pods?limit=5`);
  await ask('GET', `${core}/pods/gone/log`);
  await ask('GET', `/api/v1/namespaces/${namespace}`);
  await ask('GET', '/healthz');
  await ask('GET', '/version');
  await ask('GET', '/nowhere');
  await ask('GET', '/apis/apps/v1/nothings');
  const none = 'fieldSelector=metadata.name%3Dnone';
  await ask('WATCH', `${core}/configmaps?watch=true&resourceVersion=0&${none}`, undefined, { watch: 'none' });
}

async function others(ask: Ask): Promise<void> {
  const by = (who: Who) => who as Partial<Asked>;
  await ask('GET', `${core}/pods`, undefined, by(as('alice', 'team')));
  await ask(
    'GET',
    `${core}/pods/one`,
    undefined,
    by({ headers: { ...as('alice').headers!, 'impersonate-extra-a': 'b' } }),
  );
  await ask('GET', `${core}/secrets`, undefined, by(as('silent')));
  await ask('GET', `${core}/pods`, undefined, by(nobody));
  await ask('GET', `${core}/pods`, undefined, by({ token: 'wrong' }));
  await ask('GET', '/version', undefined, by({ token: 'wrong' }));
  await ask('GET', `${core}/pods`, undefined, by({ ...nobody, headers: { 'impersonate-user': 'alice' } }));
  await ask('GET', `${core}/pods?watch=true`, undefined, by(as('alice')));
  await ask('GET', '/metrics', undefined, by(as('alice')));
  await ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { verb: 'get', resource: 'pods', namespace } },
  });
  await ask('POST', `${core}/serviceaccounts/robot/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: {},
  });
  await ask('GET', `${core}/pods`, undefined, { headers: { 'x-forwarded-for': '10.0.0.1, nonsense, 10.0.0.2' } });
  await ask('DELETE', `${core}/configmaps?labelSelector=none%3Dsuch`);
}

/** Each request is named, so that its events are found again: `audit-1`, … */
export async function askAll(door: Door): Promise<number> {
  let count = 0;
  const ask: Ask = async (method, path, body, more = {}) => {
    count++;
    const headers = { ...more.headers, 'audit-id': `audit-${count}` };
    const type = body === undefined ? {} : { type: 'application/json' };
    const answer = await door.ask({ method, path, ...type, ...(body === undefined ? {} : { body }), ...more, headers });
    if (method === 'WATCH') await door.ask({ method: 'CLOSE', path, watch: more.watch! });
    return answer.body as Anything;
  };
  await writes(ask);
  await reads(ask);
  await others(ask);
  return count;
}
