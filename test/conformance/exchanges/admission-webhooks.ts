/** Webhook configurations: what they become, and what may not be one. */
import type { Anything } from '#harness/kubectl.ts';
import { admissionHand } from './admission-hand.ts';
import type { Hand, Script } from './hand.ts';

const root = '/apis/admissionregistration.k8s.io/v1';

async function configurations(hand: Hand): Promise<void> {
  const to = admissionHand(hand);
  const rule = { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['nothing'] };
  const hook = (more: Anything = {}): Anything => ({
    name: 'hook.example.com',
    clientConfig: { url: 'https://127.0.0.1:1/hook' },
    rules: [rule],
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    ...more,
  });
  const path = (kind: string) => `${root}/${kind.toLowerCase()}webhookconfigurations`;
  const offer = (webhooks: readonly Anything[], kind = 'Validating', query = '?dryRun=All') =>
    to.post(
      path(kind),
      {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: `${kind}WebhookConfiguration`,
        metadata: { name: 'script-configuration' },
        webhooks,
      },
      query,
    );
  await offer([hook(), hook({ name: 'mutates.example.com' })], 'Mutating');
  await offer([hook({ name: 'short' }), hook({ name: '' }), hook({ name: 'A.b.c' })]);
  await offer([hook(), hook()]);
  await offer([hook({ sideEffects: undefined }), hook({ name: 'b.example.com', sideEffects: 'Some' })]);
  await offer([
    hook({ admissionReviewVersions: [] }),
    hook({ name: 'b.example.com', admissionReviewVersions: ['v7', 'v7'] }),
  ]);
  await offer([hook({ timeoutSeconds: 0 }), hook({ name: 'b.example.com', timeoutSeconds: 31 })]);
  await offer([hook({ failurePolicy: 'Shrug', matchPolicy: 'Loose', reinvocationPolicy: 'Often' })], 'Mutating');
  await offer([
    hook({ clientConfig: {} }),
    hook({ name: 'b.example.com', clientConfig: { url: 'http://x', service: { name: 'a', namespace: 'b' } } }),
  ]);
  await offer([
    hook({ clientConfig: { url: 'http://example.com' } }),
    hook({ name: 'b.example.com', clientConfig: { url: 'https://u:p@example.com/x?y=z#f' } }),
  ]);
  await offer([hook({ clientConfig: { service: { name: '', namespace: '', path: 'x//y', port: 70_000 } } })]);
  await offer([
    hook({
      rules: [
        {
          ...rule,
          operations: ['*', 'CREATE'],
          apiGroups: ['*', ''],
          apiVersions: [],
          resources: ['*', 'pods', '*/*'],
          scope: 'Wide',
        },
      ],
    }),
  ]);
  await offer([
    hook({
      namespaceSelector: { matchExpressions: [{ key: 'a', operator: 'Near' }] },
      objectSelector: { matchLabels: { 'a b': 'c' } },
    }),
  ]);
  await offer([
    hook({
      matchConditions: [
        { name: 'a', expression: 'object.x ==' },
        { name: 'a', expression: 'params.x' },
        { name: '', expression: '1' },
      ],
    }),
  ]);
  const many = Array.from({ length: 65 }, (_, n) => ({ name: `c${n}`, expression: 'true' }));
  await offer([hook({ matchConditions: many })]);
  await offer([hook()], 'Validating', '?fieldManager=creator');
  const one = `${path('Validating')}/script-configuration`;
  await to.change(one, {
    webhooks: [hook({ timeoutSeconds: 3, matchConditions: [{ name: 'a', expression: "'x'" }] })],
  });
  await to.change(one, { webhooks: [hook({ timeoutSeconds: 3 })] });
  await to.remove(one);
}

export const webhookScripts: readonly Script[] = [{ name: 'admission-webhook-configurations', run: configurations }];
