/** What an API server asks of webhooks and makes of their answers: the same cases for any server. */
import type { Anything } from '#harness/kubectl.ts';
import { answering, type Behaviour, patching } from '#harness/webhook-server.ts';
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';
import { json, rule, type Seen, Stage, type WebhookGround } from './webhooks-stage.ts';

export interface WebhookCase {
  readonly name: string;
  readonly run: (ground: WebhookGround) => Promise<Seen>;
}

const staged =
  (play: (stage: Stage) => Promise<void>): WebhookCase['run'] =>
  async (ground) => {
    const stage = new Stage(ground);
    try {
      await play(stage);
    } finally {
      await stage.end();
    }
    return stage.seen;
  };

const allowing = answering(() => ({ allowed: true }));
const denying = (status?: JsonObject, more: JsonObject = {}) =>
  answering(() => ({ allowed: false, ...(status ? { status } : {}), ...more }));

const reviews = staged(async (stage) => {
  const rules = [
    rule({ resources: ['configmaps', 'pods', 'pods/*'] }),
    rule({ apiGroups: ['apps'], resources: ['deployments/*'] }),
  ];
  stage.behave('look', allowing);
  await stage.configure('Validating', [stage.hook('look', { rules })]);
  await stage.create('seen', { a: '1' }, '?fieldManager=creator&fieldValidation=Strict');
  await stage.create('dry', {}, '?dryRun=All');
  await stage.ask(
    'PATCH',
    'configmaps/seen?fieldManager=patcher',
    { data: { b: '2' } },
    'application/merge-patch+json',
  );
  await stage.ask('DELETE', 'configmaps/seen', { gracePeriodSeconds: 0, propagationPolicy: 'Background' });
  await stage.create('one');
  await stage.ask('DELETE', 'configmaps?labelSelector=a%3Db');
  await stage.ask('DELETE', 'configmaps/one');
  stage.listen();
  const labels = { app: 'web' };
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'nginx' }] } },
    },
  };
  const deployments = `/apis/apps/v1/namespaces/${stage.ground.namespace}/deployments`;
  await stage.ground.door.ask({ method: 'POST', path: deployments, type: json, body: deployment });
  await stage.ask('PATCH', `${deployments}/web/scale`, { spec: { replicas: 3 } }, 'application/merge-patch+json');
  await stage.ask('PATCH', `${deployments}/web/status`, { status: { replicas: 1 } }, 'application/merge-patch+json');
  stage.listen();
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'bound' },
    spec: { automountServiceAccountToken: false, containers: [{ name: 'main', image: 'nginx' }] },
  };
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } };
  await stage.ask('POST', 'serviceaccounts', account);
  await stage.ask('POST', 'pods', pod);
  stage.ground.hooks.heard();
  const binding = {
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { name: 'bound' },
    target: { kind: 'Node', name: 'n' },
  };
  await stage.ask('POST', 'pods/bound/binding', binding);
  await stage.ask('POST', 'pods/bound/eviction', {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name: 'bound' },
    deleteOptions: { gracePeriodSeconds: 0 },
  });
  stage.listen();
});

const refusals = staged(async (stage) => {
  await stage.configure('Validating', [stage.hook('deny')]);
  const replies: readonly Behaviour[] = [
    denying(),
    denying({}),
    denying({ message: 'no maps' }),
    denying({ reason: 'Forbidden' }),
    denying({ code: 403, reason: 'Forbidden', message: 'no maps' }),
    denying({ code: 200, message: 'odd' }),
    denying({
      code: 418,
      reason: 'Teapot',
      message: 'odd',
      status: 'Success',
      details: { name: 'x', causes: [{ message: 'y' }] },
    }),
    denying({ message: 'warned' }, { warnings: ['mind the map', 'twice', 'twice'] }),
    answering(() => ({ allowed: true, warnings: ['allowed, but'] })),
  ];
  for (const reply of replies) {
    stage.behave('deny', reply);
    await stage.create('x');
    await stage.ask('DELETE', 'configmaps/x');
  }
});

const wrongAnswers = staged(async (stage) => {
  await stage.configure('Validating', [stage.hook('wrong', { timeoutSeconds: 1 })]);
  const say =
    (body: JsonValue, status = 200, type = json): Behaviour =>
    () => ({ status, type, body: JSON.stringify(body) });
  const review =
    (response: JsonObject | undefined, more: JsonObject = {}): Behaviour =>
    (request) => ({
      body: JSON.stringify({
        apiVersion: 'admission.k8s.io/v1',
        kind: 'AdmissionReview',
        ...(response ? { response: { uid: request.uid, ...response } as JsonValue } : {}),
        ...more,
      }),
    });
  const replies: readonly Behaviour[] = [
    review(undefined),
    review({ uid: 'other', allowed: true }),
    review({ allowed: true, patch: 'W10=' }),
    review({ allowed: true, patchType: 'JSONPatch' }),
    review({ allowed: true }, { apiVersion: 'admission.k8s.io/v1beta1' }),
    () => ({ status: 500, type: 'text/plain', body: 'broken\n' }),
    () => ({ status: 500, type: json, body: '{"broken":true}' }),
    () => ({ status: 404, type: 'text/plain', body: 'where?' }),
    () => ({ status: 403, type: 'text/plain', body: 'who?' }),
    () => ({ status: 503, type: 'text/plain', body: 'later' }),
    () => ({ status: 418, type: 'text/plain', body: 'teapot' }),
    say({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message: 'in its own words', code: 500 }, 500),
    () => ({ body: '' }),
    () => ({ silent: true }),
    () => ({ broken: true }),
  ];
  for (const reply of replies) {
    stage.behave('wrong', reply);
    await stage.create('x');
    await stage.ask('DELETE', 'configmaps/x');
  }
});

const unreadable = staged(async (stage) => {
  await stage.configure('Validating', [stage.hook('wrong', { timeoutSeconds: 1 })]);
  const bodies = ['text', '<html>', 'true', 'trouble', 'false', 'null', 'nil', '1', '01', '-', '"text"', '[]'];
  for (const body of [
    ...bodies,
    '{',
    '{"kind"',
    '{"kind":}',
    '{} {}',
    '{a:1}',
    ' \n',
    "'x'",
    'é',
    '{"kind":1}',
    '{}',
  ]) {
    stage.behave('wrong', () => ({ body }));
    await stage.create('x');
  }
});

const unreachable = staged(async (stage) => {
  const at = (clientConfig: Anything, more: Anything = {}) => stage.hook('gone', { clientConfig, ...more });
  const { caBundle } = stage.ground.hooks;
  const cases: readonly Anything[] = [
    at({ url: 'https://127.0.0.1:1/gone', caBundle }),
    at({ url: 'https://127.0.0.1:1/gone', caBundle }, { failurePolicy: 'Ignore' }),
    at({ service: { namespace: stage.ground.namespace, name: 'nowhere', path: '/x' }, caBundle }),
    at({ url: stage.ground.hooks.url('/gone') }),
    at({ url: stage.ground.hooks.url('/gone'), caBundle }, { sideEffects: 'NoneOnDryRun' }),
  ];
  for (const webhook of cases) {
    const inner = new Stage(stage.ground);
    await inner.configure('Validating', [webhook]);
    await inner.create('x', {}, '?dryRun=All');
    stage.seen.push(...(await inner.end()));
  }
});

const mutations = staged(async (stage) => {
  await stage.configure('Mutating', [stage.hook('change')]);
  const add = (path: string, value: JsonValue) => patching([{ op: 'add', path, value }]);
  const replies: readonly Behaviour[] = [
    add('/data/added', 'yes'),
    patching([]),
    add('/nothing/there', 'x'),
    patching([{ op: 'test', path: '/data/a', value: 'z' }]),
    add('/unknown', 'x'),
    add('/data', 7),
    add('/metadata/labels', { 'a b': 'c' }),
    add('/metadata/name', 'renamed'),
    answering(() => ({ allowed: true, patchType: 'JSONPatch', patch: Buffer.from('{}').toString('base64') })),
    answering(() => ({ allowed: true, patchType: 'Merge', patch: Buffer.from('[{}]').toString('base64') })),
    answering(() => ({ allowed: true, patch: Buffer.from('[]').toString('base64') })),
  ];
  for (const reply of replies) {
    stage.behave('change', reply);
    await stage.create('x', { a: '1' }, '?fieldManager=creator');
    stage.behave('change', allowing);
    await stage.ask('DELETE', 'configmaps/x');
  }
  stage.behave(
    'change',
    answering(() => ({ allowed: true })),
  );
  await stage.create('gone');
  stage.behave('change', add('/data/late', 'x'));
  await stage.ask('DELETE', 'configmaps/gone');
});

const again = staged(async (stage) => {
  let calls = 0;
  const label =
    (name: string, value: () => string): Behaviour =>
    (request, review) => {
      const labels = ((request.object as Anything).metadata.labels ?? {}) as JsonObject;
      return patching([{ op: 'add', path: '/metadata/labels', value: { ...labels, [name]: value() } }])(
        request,
        review,
      );
    };
  stage.behave(
    'first',
    label('first', () => String(++calls)),
  );
  stage.behave(
    'second',
    label('second', () => 'x'),
  );
  stage.behave(
    'third',
    label('third', () => 'x'),
  );
  await stage.configure('Mutating', [
    stage.hook('first', { reinvocationPolicy: 'IfNeeded' }),
    stage.hook('second'),
    stage.hook('third', { reinvocationPolicy: 'IfNeeded' }),
  ]);
  await stage.create('x', {}, '?fieldManager=creator');
  stage.listen();
});

const older = staged(async (stage) => {
  const v1beta1 = 'admission.k8s.io/v1beta1';
  await stage.configure('Mutating', [stage.hook('old', { admissionReviewVersions: ['v1alpha7', 'v1beta1', 'v1'] })]);
  const patch = Buffer.from(JSON.stringify([{ op: 'add', path: '/data/old', value: 'yes' }])).toString('base64');
  stage.behave(
    'old',
    answering(() => ({ allowed: true, uid: 'any', patch }), v1beta1),
  );
  await stage.create('x', { a: '1' });
  stage.listen();
});

const chosen = staged(async (stage) => {
  for (const name of ['label', 'version', 'exact', 'condition', 'broken']) stage.behave(name, allowing);
  const scalers = (more: Anything) =>
    rule({ apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'], ...more });
  await stage.configure('Validating', [
    stage.hook('label', { objectSelector: { matchLabels: { seen: 'yes' } } }),
    stage.hook('version', { rules: [scalers({ apiVersions: ['v1'] })] }),
    stage.hook('exact', { rules: [scalers({ apiVersions: ['v1'] })], matchPolicy: 'Exact' }),
    stage.hook('condition', {
      matchConditions: [
        { name: 'named', expression: "object.metadata.name == 'condition'" },
        { name: 'created', expression: "request.operation == 'CREATE'" },
      ],
    }),
    stage.hook('broken', {
      rules: [rule({ operations: ['UPDATE'] })],
      matchConditions: [{ name: 'broken', expression: "object.data.nothing == 'x'" }],
    }),
  ]);
  await stage.create('condition');
  await stage.create('plain');
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'labelled', labels: { seen: 'yes' } } };
  await stage.ask('POST', 'configmaps', map);
  await stage.ask('POST', `/apis/autoscaling/v2/namespaces/${stage.ground.namespace}/horizontalpodautoscalers`, {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'h' },
    spec: { scaleTargetRef: { kind: 'Deployment', name: 'd', apiVersion: 'apps/v1' }, maxReplicas: 3 },
  });
  stage.listen();
  await stage.ask('PATCH', 'configmaps/plain', { data: { a: '1' } }, 'application/merge-patch+json');
});

export const webhookCases: readonly WebhookCase[] = [
  { name: 'what they are sent', run: reviews },
  { name: 'how they refuse', run: refusals },
  { name: 'what is no answer', run: wrongAnswers },
  { name: 'what cannot be read', run: unreadable },
  { name: 'what cannot be reached', run: unreachable },
  { name: 'what they change', run: mutations },
  { name: 'who is asked again', run: again },
  { name: 'how they were asked before', run: older },
  { name: 'which are asked', run: chosen },
];
