/** ValidatingAdmissionPolicies: what they refuse and how, with parameters, variables and authorizer, and what may not be one. */
import type { Anything } from '#harness/kubectl.ts';
import { type AdmissionHand, admissionHand } from './admission-hand.ts';
import type { Hand, Script } from './hand.ts';
import { configMap } from './samples.ts';

const root = '/apis/admissionregistration.k8s.io/v1';
const [policies, bindings] = [`${root}/validatingadmissionpolicies`, `${root}/validatingadmissionpolicybindings`];

const rule = (resource = 'configmaps', operations = ['CREATE', 'UPDATE']): Anything => ({
  apiGroups: [''],
  apiVersions: ['v1'],
  operations,
  resources: [resource],
});

const policy = (name: string, spec: Anything): Anything => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicy',
  metadata: { name },
  spec: { matchConstraints: { resourceRules: [rule()] }, ...spec },
});

/** Only of the script's own namespace. */
const binding = (hand: Hand, name: string, spec: Anything = {}): Anything => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  metadata: { name },
  spec: {
    policyName: name,
    validationActions: ['Deny'],
    matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': hand.namespace } } },
    ...spec,
  },
});

/** Both, in force once a ConfigMap of this name is answered with this status. */
async function enforce(
  to: AdmissionHand,
  hand: Hand,
  own: Anything,
  bound: Anything,
  probe: Anything,
  status = 422,
): Promise<void> {
  await to.post(policies, own);
  await to.post(bindings, bound);
  await to.until(status, to.within('configmaps'), probe);
  void hand;
}

async function lift(to: AdmissionHand, name: string, probe: Anything): Promise<void> {
  await to.remove(`${bindings}/${name}`);
  await to.remove(`${policies}/${name}`);
  await to.until(201, to.within('configmaps'), probe);
}

const map = (name: string, data: Anything = {}, labels: Anything = {}): Anything => configMap(name, data, { labels });

async function validations(hand: Hand): Promise<void> {
  const to = admissionHand(hand);
  const maps = to.within('configmaps');
  const name = 'script-validations.example.com';
  const probe = map('waiting', { bad: 'yes' });
  const spec = {
    matchConditions: [{ name: 'named', expression: "!object.metadata.name.startsWith('free')" }],
    variables: [
      { name: 'data', expression: 'has(object.data) ? object.data : {}' },
      { name: 'bad', expression: "'bad' in variables.data && variables.data.bad == 'yes'" },
    ],
    validations: [
      { expression: '!variables.bad', message: 'bad is not good' },
      {
        expression: "!('worse' in variables.data)",
        messageExpression: "'worse: ' + variables.data.worse",
        reason: 'Forbidden',
      },
      { expression: "!('plain' in variables.data)" },
      { expression: "!('large' in variables.data)", message: 'too large', reason: 'RequestEntityTooLarge' },
      { expression: "!('broken' in variables.data) || object.data.nothing == 'x'" },
      { expression: "oldObject == null || !('fixed' in oldObject.data) || object.data.fixed == oldObject.data.fixed" },
      { expression: "request.operation != 'CREATE' || request.userInfo.username != 'nobody'" },
      {
        expression: "namespaceObject.metadata.name == request.namespace && !('ns' in variables.data)",
        messageExpression: "'in ' + namespaceObject.metadata.name",
      },
      {
        expression:
          "!('auth' in variables.data) || authorizer.group('').resource('pods').namespace('default').check('create').allowed()",
      },
      {
        expression: "!('auth' in variables.data) || !authorizer.requestResource.check('delete').allowed()",
        message: 'may delete',
      },
    ],
  };
  await enforce(to, hand, policy(name, spec), binding(hand, name), probe);
  await to.post(maps, probe);
  await to.post(maps, map('free', { bad: 'yes' }));
  await to.post(maps, map('worse', { worse: 'x' }));
  await to.post(maps, map('plain', { plain: 'x' }));
  await to.post(maps, map('large', { large: 'x' }));
  await to.post(maps, map('broken', { broken: 'x' }));
  await to.post(maps, map('ns', { ns: 'x' }));
  await to.post(maps, map('auth', { auth: 'x' }));
  await to.post(maps, map('several', { bad: 'yes', worse: 'y' }));
  await to.post(maps, map('good', { fixed: '1' }));
  await to.change(`${maps}/good`, { data: { fixed: '2' } });
  await to.change(`${maps}/good`, { data: { other: '2' } });
  await to.read(`${policies}/${name}`);
  await to.remove(`${maps}/good`);
  await lift(to, name, probe);
}

async function actions(hand: Hand): Promise<void> {
  const to = admissionHand(hand);
  const maps = to.within('configmaps');
  const name = 'script-actions.example.com';
  const probe = map('waiting', { bad: 'yes' });
  const spec = {
    validations: [{ expression: "!has(object.data) || !('bad' in object.data)", message: 'bad' }],
    auditAnnotations: [{ key: 'seen', valueExpression: "'saw ' + object.metadata.name" }],
  };
  await enforce(to, hand, policy(name, spec), binding(hand, name), probe);
  await to.change(`${bindings}/${name}`, { spec: { validationActions: ['Warn', 'Audit'] } });
  await to.until(201, maps, probe);
  await to.post(maps, probe);
  await lift(to, name, map('other'));
  const failing = { validations: [{ expression: "object.data.missing == 'x'" }], failurePolicy: 'Ignore' };
  await to.post(policies, policy(name, failing));
  await to.post(bindings, binding(hand, name));
  await to.post(maps, map('ignored'));
  await to.change(`${policies}/${name}`, { spec: { failurePolicy: 'Fail' } });
  await to.until(422, maps, map('failing'));
  await to.post(maps, map('failing'));
  await lift(to, name, map('other'));
  const conditions = [{ name: 'broken', expression: "object.data.missing == 'x'" }];
  const conditioned = { matchConditions: conditions, validations: [{ expression: 'false' }] };
  await enforce(to, hand, policy(name, conditioned), binding(hand, name), map('conditioned'));
  await to.post(maps, map('conditioned'));
  await lift(to, name, map('other'));
  const costly =
    '[1,2,3,4,5,6,7,8,9,10].all(a, [1,2,3,4,5,6,7,8,9,10].all(b, [1,2,3,4,5,6,7,8,9,10].all(c, [1,2,3,4,5,6,7,8,9,10].all(d, [1,2,3,4,5,6,7,8,9,10].all(e, [1,2,3,4,5,6,7,8,9,10].all(f, a + b + c + d + e + f > 0))))))';
  const expensive = policy(name, { validations: [{ expression: costly }] });
  await enforce(to, hand, expensive, binding(hand, name), map('costly'));
  await to.post(maps, map('costly'));
  await lift(to, name, map('other'));
}

async function parameters(hand: Hand): Promise<void> {
  const to = admissionHand(hand);
  const maps = to.within('configmaps');
  const name = 'script-parameters.example.com';
  await to.post(maps, map('limits', { forbidden: 'x' }, { role: 'limit' }));
  await to.post(maps, map('more-limits', { forbidden: 'y' }, { role: 'limit' }));
  const probe = { ...map('waiting'), data: { x: '1' } };
  const spec = {
    paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
    matchConditions: [
      { name: 'others', expression: "!has(object.metadata.labels) || !('role' in object.metadata.labels)" },
    ],
    validations: [
      {
        expression: '!has(object.data) || !(params.data.forbidden in object.data)',
        messageExpression: "params.data.forbidden + ' is forbidden by ' + params.metadata.name",
      },
    ],
  };
  const paramRef = { name: 'limits', parameterNotFoundAction: 'Deny' };
  await enforce(to, hand, policy(name, spec), binding(hand, name, { paramRef }), probe);
  await to.post(maps, probe);
  await to.post(maps, map('fine', { y: '1' }));
  const bound = (ref: Anything) => to.change(`${bindings}/${name}`, { spec: { paramRef: ref } });
  await bound({ name: null, selector: { matchLabels: { role: 'limit' } } });
  await to.until(422, maps, map('other', { y: '1' }));
  await to.post(maps, map('other', { y: '1' }));
  await bound({ selector: null, name: 'nowhere' });
  await to.until(422, maps, map('missing', { z: '1' }));
  await to.post(maps, map('missing', { z: '1' }));
  await bound({ parameterNotFoundAction: 'Allow' });
  await to.until(201, maps, map('missing', { z: '1' }));
  await bound({ name: 'limits', namespace: 'elsewhere', parameterNotFoundAction: 'Deny' });
  await to.until(422, maps, map('missing', { z: '1' }));
  await to.post(maps, map('missing', { z: '1' }));
  await to.change(`${policies}/${name}`, { spec: { paramKind: { apiVersion: 'example.com/v1', kind: 'Nothing' } } });
  await to.until(422, maps, map('unknown', { z: '2' }));
  await lift(to, name, map('other', { y: '1' }));
}

async function wrongPolicies(hand: Hand): Promise<void> {
  const to = admissionHand(hand);
  const name = 'script-wrong.example.com';
  const offer = (spec: Anything) => to.post(policies, policy(name, spec), '?dryRun=All');
  const good = { validations: [{ expression: 'true' }] };
  await offer({});
  await offer({ ...good, matchConstraints: undefined });
  await offer({ ...good, matchConstraints: {} });
  await offer({ ...good, failurePolicy: 'Sideways', paramKind: { apiVersion: 'a/b/c', kind: 'Wrong_Kind' } });
  await offer({ ...good, paramKind: {} });
  await offer({
    validations: [{ expression: '' }, { expression: ' ' }, { expression: 'object.' }, { expression: "'text'" }],
  });
  await offer({
    validations: [{ expression: 'nothing.there' }, { expression: 'params.x' }, { expression: 'request.nothing' }],
  });
  await offer({
    validations: [
      { expression: 'true', message: ' ' },
      { expression: 'true', message: 'a\nb' },
    ],
  });
  await offer({
    validations: [
      { expression: 'true', messageExpression: '1' },
      { expression: 'true', messageExpression: ' ' },
    ],
  });
  await offer({ validations: [{ expression: 'true', messageExpression: "authorizer.path('/x')" }] });
  await offer({ validations: [{ expression: 'true', reason: 'Whatever' }] });
  await offer({
    ...good,
    variables: [
      { name: '1x', expression: '1' },
      { name: 'for', expression: '' },
      { name: 'x', expression: 'nope' },
    ],
  });
  await offer({
    variables: [{ name: 'x', expression: '1' }],
    validations: [{ expression: "variables.x == 'a'" }, { expression: 'variables.y' }],
  });
  await offer({
    ...good,
    auditAnnotations: [
      { key: 'a b', valueExpression: '1' },
      { key: 'c', valueExpression: '' },
      { key: 'c', valueExpression: "'x'" },
    ],
  });
  await offer({
    ...good,
    matchConditions: [
      { name: '', expression: '' },
      { name: 'a b', expression: '1' },
      { name: 'c', expression: 'true' },
      { name: 'c', expression: 'true' },
    ],
  });
  await offer({
    ...good,
    matchConstraints: {
      matchPolicy: 'Loose',
      resourceRules: [
        {
          apiGroups: [],
          apiVersions: ['*', 'v1'],
          operations: ['READ'],
          resources: ['*/*', 'pods'],
          resourceNames: ['a/b', 'a', 'a'],
        },
      ],
    },
  });
  const bind = (spec: Anything) => to.post(bindings, binding(hand, name, spec), '?dryRun=All');
  await bind({ policyName: '' });
  await bind({ policyName: 'A_B', validationActions: [] });
  await bind({ validationActions: ['Deny', 'Warn'] });
  await bind({ validationActions: ['Audit', 'Audit', 'Sing'] });
  await bind({ paramRef: {} });
  await bind({ paramRef: { name: 'x', selector: {}, parameterNotFoundAction: 'Maybe' } });
}

export const policyScripts: readonly Script[] = [
  { name: 'admission-policy-validations', run: validations },
  { name: 'admission-policy-actions', run: actions },
  { name: 'admission-policy-parameters', run: parameters },
  { name: 'admission-policy-wrong', run: wrongPolicies },
];
