import { Buffer } from 'node:buffer';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AdmissionReviewer } from '#kube/admission/review.ts';
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';
import { type Cluster, configMap, deployment, refusal, refusalText, startCluster } from '../../serve.cases.ts';
import { ruleMatches } from '../matching/rules.ts';
import type { CallWebhook } from './call.ts';
import type { Webhook } from './configuration.ts';

const maps = 'v1/configmaps/default';
const group = 'admissionregistration.k8s.io/v1';
const rule = { operations: ['*'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], scope: '*' };
const webhook = (more: Partial<Webhook> = {}): Webhook => ({
  name: 'check.example.com',
  clientConfig: { url: 'https://hooks.example.com/check' },
  rules: [rule],
  sideEffects: 'None',
  ...more,
});

const answered = (body: JsonValue) => ({
  status: 200,
  contentType: 'application/json',
  body: JSON.stringify(body),
});

/** Answers as a webhook over HTTPS would. */
const answering =
  (respond: (request: JsonObject) => JsonObject): CallWebhook =>
  async (_, review) => {
    const request = review.request as JsonObject;
    return answered({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response: { uid: request.uid, ...respond(request) },
    });
  };

const jsonPatch = (operations: JsonValue) => ({
  allowed: true,
  patchType: 'JSONPatch',
  patch: Buffer.from(JSON.stringify(operations)).toString('base64'),
});

async function withWebhook(
  call: CallWebhook,
  hook: Webhook = webhook(),
  kind: 'Mutating' | 'Validating' = 'Validating',
) {
  const ignored: string[] = [];
  const cluster = await startCluster({
    webhooks: { call, ignored: (name, error) => ignored.push(`${name}: ${error.message}`) },
  });
  await configure(cluster, [hook], kind);
  return { cluster, ignored };
}

function configure(cluster: Cluster, webhooks: readonly Webhook[], kind: 'Mutating' | 'Validating', name = 'config') {
  const given = webhooks.map((hook) => ({ admissionReviewVersions: ['v1'], ...hook }));
  return cluster.create(`${group}/${kind.toLowerCase()}webhookconfigurations`, { metadata: { name }, webhooks: given });
}

describe('webhooks over HTTPS', () => {
  it('refuse in their words', async () => {
    const denying = (status: JsonObject) => withWebhook(answering(() => ({ allowed: false, status })));
    const { cluster } = await denying({ code: 403, message: 'no maps today' });
    expect(await refusal(cluster.create(maps, configMap('a')))).toMatchObject({
      code: 403,
      message: 'admission webhook "check.example.com" denied the request: no maps today',
    });
    const silent = await denying({});
    expect(await refusal(silent.cluster.create(maps, configMap('a')))).toMatchObject({
      code: 400,
      message: 'admission webhook "check.example.com" denied the request without explanation',
    });
    const reason = await denying({ reason: 'Forbidden', code: 403 });
    expect((await refusal(reason.cluster.create(maps, configMap('a')))).message).toBe(
      'admission webhook "check.example.com" denied the request: Forbidden',
    );
  });

  it('change objects by JSON patch and warn', async () => {
    const patch = jsonPatch([{ op: 'add', path: '/data', value: { added: 'yes' } }]);
    const { cluster } = await withWebhook(
      answering(() => ({ ...patch, warnings: ['mind the map'] })),
      webhook(),
      'Mutating',
    );
    const answer = await cluster.request('create', maps, { body: configMap('a') });
    expect(answer.object).toMatchObject({ data: { added: 'yes' } });
    expect(answer.warnings).toEqual(['mind the map']);
  });

  it('hear what an AdmissionReview says', async () => {
    const requests: JsonObject[] = [];
    const { cluster } = await withWebhook(
      answering((request) => {
        requests.push(request);
        return { allowed: true };
      }),
    );
    await cluster.create(maps, configMap('a'), { dryRun: true });
    expect(requests[0]).toMatchObject({
      kind: { group: '', version: 'v1', kind: 'ConfigMap' },
      resource: { group: '', version: 'v1', resource: 'configmaps' },
      requestKind: { kind: 'ConfigMap' },
      name: 'a',
      namespace: 'default',
      operation: 'CREATE',
      userInfo: { username: 'admin', groups: ['system:masters', 'system:authenticated'] },
      object: { metadata: { name: 'a' } },
      oldObject: null,
      dryRun: true,
      options: { kind: 'CreateOptions' },
    });
  });

  it('that fail stop the write, or do not, as their policy says', async () => {
    const failing: CallWebhook = async () => {
      throw new Error('connection refused');
    };
    const strict = await withWebhook(failing);
    expect(await refusalText(strict.cluster.create(maps, configMap('a')))).toBe(
      '500 InternalError: Internal error occurred: failed calling webhook "check.example.com": failed to call webhook: Post "https://hooks.example.com/check?timeout=10s": connection refused',
    );
    const lax = await withWebhook(failing, webhook({ failurePolicy: 'Ignore' }));
    await lax.cluster.create(maps, configMap('a'));
    expect(lax.ignored).toEqual([expect.stringContaining('check.example.com: failed to call webhook')]);
  });

  it('have a time limit', async () => {
    let aborted = false;
    const never: CallWebhook = (_, __, signal) =>
      new Promise(() => {
        signal.addEventListener('abort', () => {
          aborted = true;
        });
      });
    const { cluster } = await withWebhook(never, webhook({ timeoutSeconds: 3 }));
    const creating = refusalText(cluster.create(maps, configMap('a')));
    await cluster.clock.advance(3_000);
    expect(await creating).toBe(
      '500 InternalError: Internal error occurred: failed calling webhook "check.example.com": failed to call webhook: Post "https://hooks.example.com/check?timeout=3s": context deadline exceeded',
    );
    expect(aborted).toBe(true);
  });

  it.each([
    [
      async () => answered({ apiVersion: 'admission.k8s.io/v1beta1', kind: 'AdmissionReview', response: {} }),
      'failed to call webhook: converting (v1beta1.AdmissionReview) to (v1.AdmissionReview): unknown conversion',
    ],
    [
      async () => answered({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' }),
      'received invalid webhook response: webhook response was absent',
    ],
    [
      async () =>
        answered({
          apiVersion: 'admission.k8s.io/v1',
          kind: 'AdmissionReview',
          response: { uid: 'x', allowed: true },
        }),
      'received invalid webhook response: expected response.uid=',
    ],
  ] as [CallWebhook, string][])('must answer in their own words (%#)', async (call, text) => {
    const { cluster } = await withWebhook(call);
    expect((await refusal(cluster.create(maps, configMap('a')))).message).toContain(
      `failed calling webhook "check.example.com": ${text}`,
    );
  });

  it('come into force and go with their configuration', async () => {
    const { cluster } = await withWebhook(answering(() => ({ allowed: false })));
    expect((await refusal(cluster.create(maps, configMap('a')))).code).toBe(400);
    await cluster.remove(`${group}/validatingwebhookconfigurations/-/config`);
    await cluster.create(maps, configMap('a'));
  });

  it('are chosen by the labels of namespace and object', async () => {
    const denying = answering(() => ({ allowed: false }));
    const selector = (labels: Record<string, string>) => ({ matchLabels: labels });
    const byNamespace = await withWebhook(
      denying,
      webhook({ namespaceSelector: selector({ 'kubernetes.io/metadata.name': 'kube-system' }) }),
    );
    await byNamespace.cluster.create(maps, configMap('a'));
    expect((await refusal(byNamespace.cluster.create('v1/configmaps/kube-system', configMap('a')))).code).toBe(400);
    const byObject = await withWebhook(denying, webhook({ objectSelector: selector({ guarded: 'yes' }) }));
    await byObject.cluster.create(maps, configMap('a'));
    const guarded = { ...configMap('b'), metadata: { name: 'b', labels: { guarded: 'yes' } } };
    expect((await refusal(byObject.cluster.create(maps, guarded))).code).toBe(400);
    expect(
      (await refusal(byObject.cluster.patch(`${maps}/a`, 'merge', { metadata: { labels: { guarded: 'yes' } } }))).code,
    ).toBe(400);
  });

  it('cannot guard themselves', async () => {
    const { cluster } = await withWebhook(
      answering(() => ({ allowed: false })),
      webhook({ rules: [{ ...rule, apiGroups: ['*'], apiVersions: ['*'], resources: ['*'] }] }),
    );
    await cluster.remove(`${group}/validatingwebhookconfigurations/-/config`);
  });
});

describe('a webhook that may do harm', () => {
  it('is not asked on a dry run', async () => {
    // Of an older server: newer ones refuse such configurations.
    const hook = { ...webhook({ sideEffects: 'Unknown' }), admissionReviewVersions: ['v1'] };
    const cluster = await startCluster({ webhooks: { call: answering(() => ({ allowed: true })) } });
    const object = {
      apiVersion: group,
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'old' },
      webhooks: [hook],
    };
    const resource = 'admissionregistration.k8s.io/validatingwebhookconfigurations';
    cluster.store.create({ space: 'test', resource, namespace: '', name: 'old' }, object as never);
    const again = await startCluster({
      store: cluster.store,
      webhooks: { call: answering(() => ({ allowed: true })) },
    });
    await again.create(maps, configMap('a'));
    expect(await refusalText(again.create(maps, configMap('b'), { dryRun: true }))).toBe(
      '400 BadRequest: admission webhook "check.example.com" does not support dry run',
    );
  });
});

describe('webhooks in the same process', () => {
  let asked: string[];
  let reviewer: AdmissionReviewer;
  beforeEach(() => {
    asked = [];
    reviewer = ({ operation, object }) => {
      asked.push(operation);
      return {
        allowed: true,
        ...(object ? { object: { ...object, metadata: { ...object.metadata, labels: { id: '1' } } } } : {}),
      };
    };
  });

  it('are called directly, object in and object out', async () => {
    const cluster = await startCluster({
      webhooks: {
        resolve: (configuration, { name }) =>
          configuration === 'mutating-config' && name === 'check.example.com' ? reviewer : undefined,
      },
    });
    await configure(cluster, [webhook()], 'Mutating', 'mutating-config');
    expect((await cluster.create(maps, configMap('a'))).metadata.labels).toEqual({ id: '1' });
    expect(asked).toEqual(['CREATE']);
  });

  it('are heard in the words of webhooks', async () => {
    const cluster = await startCluster({
      webhooks: { resolve: () => () => ({ allowed: false, code: 403, message: 'no' }) },
    });
    await configure(cluster, [webhook()], 'Validating');
    expect((await refusal(cluster.create(maps, configMap('a')))).message).toBe(
      'admission webhook "check.example.com" denied the request: no',
    );
  });

  it('see the version they ask for', async () => {
    const seen: unknown[] = [];
    const cluster = await startCluster({
      webhooks: {
        resolve:
          () =>
          ({ object, path }) => {
            seen.push([path.version, (object as { apiVersion?: string } | undefined)?.apiVersion]);
            return { allowed: true };
          },
      },
    });
    const rules = [{ ...rule, apiGroups: ['autoscaling'], apiVersions: ['v2'], resources: ['*'] }];
    await configure(cluster, [webhook({ rules })], 'Validating');
    const scaler = {
      metadata: { name: 'h' },
      spec: { scaleTargetRef: { kind: 'Deployment', name: 'd', apiVersion: 'apps/v1' }, maxReplicas: 3 },
    };
    await cluster.create('autoscaling/v1/horizontalpodautoscalers/default', scaler);
    expect(seen).toEqual([['v2', 'autoscaling/v2']]);
    const exact = [webhook({ rules, matchPolicy: 'Exact' })];
    await cluster.remove(`${group}/validatingwebhookconfigurations/-/config`);
    await configure(cluster, exact, 'Validating');
    await cluster.create('autoscaling/v1/horizontalpodautoscalers/default', { ...scaler, metadata: { name: 'i' } });
    expect(seen).toHaveLength(1);
  });
});

describe('rules', () => {
  const target = {
    group: 'apps',
    version: 'v1',
    resource: 'deployments',
    subresource: '',
    namespaced: true,
    operation: 'CREATE' as const,
  };
  const base = { operations: ['CREATE'], apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments'] };
  it.each([
    [base, {}, true],
    [{ ...base, operations: ['UPDATE'] }, {}, false],
    [{ ...base, apiGroups: [''] }, {}, false],
    [{ ...base, resources: ['*'] }, {}, true],
    [{ ...base, resources: ['*'] }, { subresource: 'status' }, false],
    [{ ...base, resources: ['*/*'] }, { subresource: 'status' }, true],
    [{ ...base, resources: ['deployments/*'] }, {}, true],
    [{ ...base, resources: ['*/scale'] }, { subresource: 'scale' }, true],
    [{ ...base, resources: ['deployments/scale'] }, { subresource: 'status' }, false],
    [{ ...base, scope: 'Cluster' }, {}, false],
    [{ ...base, scope: 'Namespaced' }, {}, true],
    [
      { ...base, scope: 'Cluster', apiGroups: [''], resources: ['namespaces'] },
      { group: '', resource: 'namespaces', namespaced: true },
      true,
    ],
  ])('%j on %j: %s', (candidate, change, expected) => {
    expect(ruleMatches(candidate, { ...target, ...change })).toBe(expected);
  });

  it('are asked of subresources, too', async () => {
    const names: string[] = [];
    const cluster = await startCluster({
      webhooks: {
        resolve:
          () =>
          ({ path, operation }) => {
            names.push(`${operation} ${path.resource}/${path.subresource ?? ''}`);
            return { allowed: true };
          },
      },
    });
    await configure(
      cluster,
      [webhook({ rules: [{ ...rule, apiGroups: ['apps'], resources: ['deployments/scale'] }] })],
      'Validating',
    );
    await cluster.create('apps/v1/deployments/default', deployment('d'));
    await cluster.patch('apps/v1/deployments/default/d/scale', 'merge', { spec: { replicas: 2 } });
    expect(names).toEqual(['UPDATE deployments/scale']);
  });
});
