/** Documents of strangers: names that mean something to a program, numbers at their ends, keys said twice, types that are none. */
import type { Hand, Script } from './hand.ts';

const json = 'application/json';
const yaml = 'application/yaml';

async function strangers(hand: Hand): Promise<void> {
  const maps = `/api/v1/namespaces/${hand.namespace}/configmaps`;
  const create = (raw: string, query = '', type = json) =>
    hand.ask({ method: 'POST', path: maps + query, type, raw: raw.replaceAll("'", '"') });
  const patch = (name: string, type: string, raw: string, query = '') =>
    hand.ask({
      method: 'PATCH',
      path: `${maps}/${name}${query}`,
      type: `application/${type}`,
      raw: raw.replaceAll("'", '"'),
    });
  await create(
    "{'metadata':{'name':'names','annotations':{'__proto__':'a','constructor':'b','toString':'c'},'labels':{'constructor':'d'}},'data':{'__proto__':'e','constructor':'f','hasOwnProperty':'g'}}",
  );
  await hand.ask({ method: 'GET', path: `${maps}/names` });
  await hand.ask({ method: 'GET', path: `${maps}?labelSelector=constructor=d` });
  await hand.ask({ method: 'GET', path: `${maps}?labelSelector=!toString,constructor` });
  await hand.ask({ method: 'GET', path: `${maps}?fieldSelector=__proto__=a` });
  await patch('names', 'merge-patch+json', "{'data':{'__proto__':null,'valueOf':'h'}}");
  await patch('names', 'strategic-merge-patch+json', "{'data':{'__proto__':'i','constructor':null}}");
  await patch('names', 'json-patch+json', "[{'op':'add','path':'/metadata/annotations/constructor','value':'j'}]");
  await patch('names', 'json-patch+json', "[{'op':'remove','path':'/data/toString'}]");
  await patch(
    'names',
    'apply-patch+yaml',
    "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'names'},'data':{'__proto__':'k'}}",
    '?fieldManager=one&force=true',
  );
  await create(
    "{'metadata':{'name':'unknown'},'constructor':{'x':1},'toString':1,'__proto__':{'y':2}}",
    '?fieldValidation=Strict',
  );
  await create("{'metadata':{'name':'unknown'},'constructor':{'x':1},'toString':1,'__proto__':{'y':2}}");
  await create(
    "{'metadata':{'name':'twice','name':'other'},'data':{'a':'1','a':'2'},'data':{'b':'3'}}",
    '?fieldValidation=Strict',
  );
  await create("{'metadata':{'name':'twice','name':'other'},'data':{'a':'1','a':'2'},'x':1}");
  await create(
    "{'metadata':{'name':'twice','name':'other'},'data':{'a':'1','a':'2'},'x':1}",
    '?fieldValidation=Strict',
  );
  await create('metadata: {name: aliased}\ndata: &d {a: "1"}\nbinaryData: {}\n', '', yaml);
  await create("{'apiVersion':null,'kind':null,'metadata':{'name':'untyped'}}");
  await create("{'apiVersion':'','kind':'','metadata':{'name':'empty'}}");
  await create("{'apiVersion':'v1','kind':'ConfigMap','metadata':null}");
  await patch(
    'typed',
    'apply-patch+yaml',
    "{'apiVersion':'v1','kind':'Nothing','metadata':{'name':'typed'}}",
    '?fieldManager=one',
  );
  await patch(
    'typed',
    'apply-patch+yaml',
    "{'apiVersion':1,'kind':'ConfigMap','metadata':{'name':'typed'}}",
    '?fieldManager=one',
  );
  await patch(
    'typed',
    'apply-patch+yaml',
    "{'apiVersion':'v1','kind':['x'],'metadata':{'name':'typed'}}",
    '?fieldManager=one',
  );
  await hand.ask({ method: 'PUT', path: `${maps}/names`, type: json, raw: '{"metadata":{"name":7}}' });
  await hand.ask({ method: 'PUT', path: `${maps}/names`, type: json, raw: '{"metadata":null}' });
}

async function numbers(hand: Hand): Promise<void> {
  const deployment = (replicas: string) =>
    `{"metadata":{"name":"n"},"spec":{"replicas":${replicas},"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}`;
  const create = (resource: string, raw: string) =>
    hand.ask({ method: 'POST', path: `/apis/${resource}?dryRun=All`, type: json, raw });
  for (const value of ['2147483647', '2147483648', '-2147483649', '1.5', '-0', '"1"', 'true', '[]'])
    await create(`apps/v1/namespaces/${hand.namespace}/deployments`, deployment(value));
  for (const value of ['-1', '0.1', '9007199254740991'])
    await create(
      `batch/v1/namespaces/${hand.namespace}/jobs`,
      `{"metadata":{"name":"n"},"spec":{"activeDeadlineSeconds":${value},"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}}}}`,
    );
  for (const value of ['[null]', '{}', 'true', '1.5', '"1e30"', '"-1"', '""', 'null'])
    await hand.ask({
      method: 'POST',
      path: `/api/v1/namespaces/${hand.namespace}/persistentvolumeclaims?dryRun=All`,
      type: json,
      raw: `{"metadata":{"name":"q"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":${value}}}}}`,
    });
}

/** Who shares the server's seats with whom: what a server is born with, and what it refuses. */
async function flowControl(hand: Hand): Promise<void> {
  const root = '/apis/flowcontrol.apiserver.k8s.io/v1';
  const get = (path: string) => hand.ask({ method: 'GET', path: `${root}/${path}` });
  for (const name of ['exempt', 'catch-all', 'probes', 'system-leader-election', 'system-node-high', 'global-default'])
    await get(`flowschemas/${name}`);
  for (const name of ['exempt', 'catch-all', 'workload-low', 'leader-election'])
    await get(`prioritylevelconfigurations/${name}`);
  const create = (resource: string, spec: object, name = hand.namespace) =>
    hand.ask({
      method: 'POST',
      path: `${root}/${resource}?dryRun=All`,
      type: json,
      body: { metadata: { name }, spec } as never,
    });
  const subjects = [{ kind: 'User', user: { name: 'jane' } }];
  const resourceRules = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'], namespaces: ['*'] }];
  const schema = (spec: object = {}, rule: object = {}) => ({
    priorityLevelConfiguration: { name: 'nowhere' },
    rules: [{ subjects, resourceRules, ...rule }],
    ...spec,
  });
  await create('flowschemas', schema());
  await create('flowschemas', {});
  await create('flowschemas', schema({ matchingPrecedence: 0 }));
  await create('flowschemas', schema({ matchingPrecedence: 1 }));
  await create('flowschemas', schema({ matchingPrecedence: 10_001 }));
  await create('flowschemas', schema({ distinguisherMethod: { type: 'ByMood' } }));
  await create('flowschemas', schema({ priorityLevelConfiguration: { name: 'Not A Name' } }));
  await create('flowschemas', schema({}, { subjects: [] }));
  await create('flowschemas', schema({}, { subjects: [{ kind: 'Robot' }, { kind: 'Group', user: { name: 'x' } }] }));
  await create('flowschemas', schema({}, { subjects: [{ kind: 'ServiceAccount', serviceAccount: { name: 'A B' } }] }));
  await create('flowschemas', schema({}, { resourceRules: [] }));
  await create('flowschemas', schema({}, { resourceRules: [{ ...resourceRules[0], verbs: ['*', 'get'] }] }));
  await create(
    'flowschemas',
    schema({}, { resourceRules: [{ ...resourceRules[0], verbs: ['dance'], namespaces: [] }] }),
  );
  await create(
    'flowschemas',
    schema({}, { nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['*', '/x', 'x', '/a*b'] }] }),
  );
  const level = (limited: object = {}, more: object = {}) => ({
    type: 'Limited',
    limited: { limitResponse: { type: 'Reject' }, ...limited },
    ...more,
  });
  const queue = (queuing: object) => level({ limitResponse: { type: 'Queue', queuing } });
  await create('prioritylevelconfigurations', level());
  await create('prioritylevelconfigurations', {});
  await create('prioritylevelconfigurations', { type: 'Exempt' });
  await create(
    'prioritylevelconfigurations',
    level({ nominalConcurrencyShares: -1, lendablePercent: 101, borrowingLimitPercent: -1 }),
  );
  await create('prioritylevelconfigurations', level({}, { exempt: {} }));
  await create('prioritylevelconfigurations', level({ limitResponse: { type: 'Wait' } }));
  await create('prioritylevelconfigurations', level({ limitResponse: { type: 'Queue' } }));
  await create('prioritylevelconfigurations', level({ limitResponse: { type: 'Reject', queuing: {} } }));
  await create('prioritylevelconfigurations', queue({}));
  await create('prioritylevelconfigurations', queue({ queues: 4, handSize: 5 }));
  await create('prioritylevelconfigurations', queue({ queues: 10_000_001, handSize: 1, queueLengthLimit: -1 }));
  await create('prioritylevelconfigurations', queue({ queues: 4_096, handSize: 9 }));
}

export const hostileScripts: readonly Script[] = [
  { name: 'strangers', run: strangers },
  { name: 'numbers', run: numbers },
  { name: 'flow-control', run: flowControl },
];
