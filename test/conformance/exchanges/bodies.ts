/** What is sent and what is accepted: media types, unknown and repeated fields, bodies that cannot be read. */
import type { Anything } from '#harness/kubectl.ts';
import type { Hand, Script } from './hand.ts';
import { configMap, deployment } from './samples.ts';

const maps = (hand: Hand) => `/api/v1/namespaces/${hand.namespace}/configmaps`;
const deployments = (hand: Hand) => `/apis/apps/v1/namespaces/${hand.namespace}/deployments`;
const json = 'application/json';
const yaml = 'application/yaml';

/** JSON that is none, or not of an object of this kind. */
const unreadable = [
  '',
  '{',
  '{"kind":"ConfigMap","apiVersion":"v1",}',
  '{"kind" "ConfigMap"}',
  '[]',
  '"text"',
  '1',
  'true',
  'null',
  '{}',
  '{"kind":1}',
  '{"apiVersion":[]}',
  '{"kind":"ConfigMap","apiVersion":"v1","metadata":[]}',
  '{"kind":"ConfigMap","apiVersion":"v1","metadata":"x"}',
  '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":1}}',
  '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","labels":[]}}',
  '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","labels":{"a":1}}}',
  '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","creationTimestamp":"yesterday"}}',
  '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"},"data":{"a":{}}}',
  '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"},"data":[]}',
  '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"},"immutable":"yes"}',
  '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"},"binaryData":{"a":"?"}}',
  '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"}} x',
  '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"}}{}',
  '{"kind":"ConfigMapList","apiVersion":"v1","items":[]}',
  '{"kind":"Secret","apiVersion":"v1","metadata":{"name":"a"}}',
  '{"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"a"}}',
  '{"kind":"ConfigMap","apiVersion":"","metadata":{"name":"a"}}',
  '{"kind":"","apiVersion":"v1","metadata":{"name":"a"}}',
  '{"kind":"ConfigMap","apiVersion":"a/b/c","metadata":{"name":"a"}}',
  '{"Kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"}}',
];

async function reading(hand: Hand): Promise<void> {
  for (const raw of unreadable) await hand.ask({ method: 'POST', path: `${maps(hand)}?dryRun=All`, type: json, raw });
  await hand.create(configMap('there', { a: '1' }));
  for (const raw of ['', '{', '[]', 'null', '{}', '{"kind":"Secret","apiVersion":"v1"}'])
    await hand.ask({ method: 'PUT', path: `${maps(hand)}/there`, type: json, raw });
  for (const type of ['json-patch', 'merge-patch', 'strategic-merge-patch']) {
    for (const raw of ['', '{', '[]', '{}', 'null', '1', '"x"', '[{}]', '[1]'])
      await hand.ask({ method: 'PATCH', path: `${maps(hand)}/there`, type: `application/${type}+json`, raw });
  }
  const apply = (raw: string) =>
    hand.ask({
      method: 'PATCH',
      path: `${maps(hand)}/there?fieldManager=x`,
      type: 'application/apply-patch+yaml',
      raw,
    });
  for (const raw of ['', '{', '[]', 'null', '{}', 'a: b', 'apiVersion: v1\nkind: ConfigMap\n']) await apply(raw);
  await apply(
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: there\n  labels: {a: "1"}\ndata:\n  b: |\n    two\n    lines\n',
  );
  await apply('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: there\ndata: {b: 1}\n');
}

async function kinds(hand: Hand): Promise<void> {
  const raw = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yaml\ndata:\n  a: "1"\n';
  await hand.ask({ method: 'POST', path: maps(hand), type: yaml, raw });
  await hand.ask({
    method: 'POST',
    path: maps(hand),
    type: yaml,
    raw: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"flow"}}',
  });
  await hand.ask({ method: 'POST', path: maps(hand), type: yaml, raw: `${raw}---\n${raw}` });
  await hand.ask({ method: 'POST', path: maps(hand), type: yaml, raw: 'a: b: c' });
  for (const type of [
    'text/plain',
    'application/xml',
    'application/json;charset=utf-8',
    'application/vnd.kubernetes.protobuf',
    'application/cbor',
    'x',
  ])
    await hand.ask({ method: 'POST', path: maps(hand), type, raw: JSON.stringify(configMap('typed', {})) });
  await hand.ask({ method: 'POST', path: maps(hand), body: configMap('untyped', {}) });
  for (const type of [json, yaml, 'application/apply-patch+json', 'application/apply-patch+cbor', 'application/patch'])
    await hand.ask({ method: 'PATCH', path: `${maps(hand)}/yaml`, type, body: {} });
  const accepts = [
    '*/*',
    'application/*',
    'text/*',
    'text/plain',
    'application/yaml',
    'application/cbor',
    'application/json;q=0.1,application/yaml;q=0.9',
    'text/html,application/json',
    'application/json;as=Table;g=meta.k8s.io;v=v1',
    'application/json;as=Table;g=meta.k8s.io;v=v2',
    'application/json;as=Table;g=other;v=v1',
    'application/json;as=Other;g=meta.k8s.io;v=v1',
    'application/json;as=Table',
    'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1beta1',
    'application/yaml;as=Table;g=meta.k8s.io;v=v1',
    'application/vnd.kubernetes.protobuf;as=Table;g=meta.k8s.io;v=v1',
    'application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
    'application/json;pretty=1',
    'application/json;stream=watch',
    'application/json;charset=utf-8',
    '',
  ];
  for (const accept of accepts) await hand.ask({ method: 'GET', path: `${maps(hand)}/yaml`, accept });
  for (const include of ['Everything', '', 'none'])
    await hand.ask({ method: 'GET', path: `${maps(hand)}/yaml?includeObject=${include}`, accept: accepts[8]! });
  await hand.ask({ method: 'GET', path: `${maps(hand)}/missing`, accept: 'application/vnd.kubernetes.protobuf' });
  await hand.ask({ method: 'GET', path: `${maps(hand)}/missing`, accept: 'application/yaml' });
  await hand.ask({ method: 'GET', path: `${maps(hand)}/missing`, accept: accepts[8]! });
  for (const accept of ['text/plain', 'application/*', 'application/json;as=Other;g=meta.k8s.io;v=v1'])
    await hand.ask({ method: 'GET', path: maps(hand), accept });
  await hand.ask({ method: 'DELETE', path: `${maps(hand)}/flow`, accept: 'application/vnd.kubernetes.protobuf' });
  await hand.ask({ method: 'POST', path: `${maps(hand)}/yaml`, type: json, body: configMap('yaml', {}) });
  await hand.ask({ method: 'PUT', path: maps(hand), type: json, body: configMap('yaml', {}) });
  await hand.ask({ method: 'PATCH', path: maps(hand), type: 'application/merge-patch+json', body: {} });
  await hand.ask({ method: 'POST', path: '/api/v1/configmaps', type: json, body: configMap('yaml', {}) });
  await hand.ask({ method: 'GET', path: `${maps(hand)}/yaml/nothing` });
  await hand.ask({ method: 'GET', path: `${maps(hand)}/yaml/status` });
  await hand.ask({ method: 'GET', path: '/api/v1/namespaces/default/nothings' });
  await hand.ask({ method: 'GET', path: '/apis/nothing.example.com/v1/things' });
  await hand.ask({ method: 'DELETE', path: '/api/v1/namespaces' });
  await hand.ask({ method: 'OPTIONS', path: maps(hand) });
}

async function fieldValidation(hand: Hand): Promise<void> {
  const path = deployments(hand);
  const twice = (name: string) =>
    `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"${name}","name":"${name}","odd":1},"spec":{"replicas":1,"replicas":2,"what":{},` +
    `"selector":{"matchLabels":{"app":"x"}},"template":{"metadata":{"labels":{"app":"x"}},"spec":{"containers":[{"name":"m","image":"i","image":"j","typo":1}]}}}}`;
  for (const mode of ['Strict', 'Warn', 'Ignore', 'Other', '', 'strict'])
    await hand.ask({
      method: 'POST',
      path: `${path}?dryRun=All&fieldValidation=${mode}`,
      type: json,
      raw: twice('twice'),
    });
  await hand.create(deployment('real'));
  const patch = (type: string, body: Anything, mode: string) =>
    hand.ask({ method: 'PATCH', path: `${path}/real?fieldValidation=${mode}&fieldManager=x`, type, body });
  for (const mode of ['Strict', 'Warn', 'Ignore']) {
    await patch('application/merge-patch+json', { spec: { what: 1, replicas: 3 } }, mode);
    await patch(
      'application/strategic-merge-patch+json',
      { spec: { what: 1, template: { spec: { containers: [{ name: 'main', typo: 1 }] } } } },
      mode,
    );
    await patch('application/json-patch+json', [{ op: 'add', path: '/spec/what', value: 1, extra: 2 }], mode);
    await patch('application/apply-patch+yaml', { ...deployment('real'), what: 1 }, mode);
    const raw = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: real\nspec:\n  replicas: 1\n  replicas: 2\n';
    await hand.ask({
      method: 'PATCH',
      path: `${path}/real?fieldValidation=${mode}&fieldManager=y`,
      type: 'application/apply-patch+yaml',
      raw,
    });
    for (const text of [raw, '{"apiVersion":"apps/v1","kind":"Deployment","spec":{"replicas":1,"replicas":2}}'])
      await hand.ask({
        method: 'PATCH',
        path: `${path}/real?fieldValidation=${mode}&fieldManager=y&force=true&dryRun=All`,
        type: 'application/apply-patch+yaml',
        raw: text,
      });
    await hand.ask({
      method: 'PATCH',
      path: `${path}/real?fieldValidation=${mode}&dryRun=All`,
      type: 'application/json-patch+json',
      raw: '[{"op":"test","op":"add","extra":1,"path":"/spec/what","value":{"a":1,"a":2}}]',
    });
    await hand.ask({
      method: 'PATCH',
      path: `${path}/real?fieldValidation=${mode}&dryRun=All`,
      type: 'application/strategic-merge-patch+json',
      raw: '{"spec":{"what":1,"replicas":1,"replicas":4}}',
    });
    await hand.ask({
      method: 'PATCH',
      path: `${path}/real?fieldValidation=${mode}`,
      type: 'application/merge-patch+json',
      raw: '{"spec":{"replicas":1,"replicas":4}}',
    });
    await hand.ask({
      method: 'POST',
      path: `${path}?dryRun=All&fieldValidation=${mode}`,
      type: yaml,
      raw: `${raw}  what: 1\n`,
    });
  }
  await hand.ask({
    method: 'POST',
    path: `${path}?dryRun=All&fieldManager=${'x'.repeat(129)}`,
    type: json,
    body: deployment('m'),
  });
  await hand.ask({ method: 'POST', path: `${path}?dryRun=All&fieldManager=a%09b`, type: json, body: deployment('m') });
  await hand.ask({ method: 'POST', path: `${path}?dryRun=Some`, type: json, body: deployment('m') });
  await hand.ask({ method: 'POST', path: `${path}?dryRun=All&dryRun=All`, type: json, body: deployment('m') });
  await hand.ask({ method: 'PUT', path: `${path}/real?dryRun=x`, type: json, body: deployment('real') });
  await hand.ask({ method: 'PATCH', path: `${path}/real?force=true`, type: 'application/merge-patch+json', body: {} });
  await hand.ask({
    method: 'PATCH',
    path: `${path}/real?force=maybe&fieldManager=x`,
    type: 'application/apply-patch+yaml',
    body: deployment('real'),
  });
}

/** Names the server makes. */
async function generated(hand: Hand): Promise<void> {
  const make = (metadata: Anything, query = '') =>
    hand.ask({
      method: 'POST',
      path: maps(hand) + query,
      type: json,
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata },
    });
  await make({ generateName: 'a-' });
  await make({ generateName: 'a-', name: 'named' });
  await make({ generateName: '' });
  await make({ generateName: 'a-' }, '?dryRun=All');
  await hand.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'a-', name: 'applied' } }, 'x');
}

export const bodyScripts: readonly Script[] = [
  { name: 'bodies', run: reading },
  { name: 'media-types', run: kinds },
  { name: 'field-validation', run: fieldValidation },
  { name: 'generated-names', run: generated },
];
