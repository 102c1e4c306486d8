/** One webhook case at work: its configuration, its requests, and what it has seen. */
import type { Answered, Door } from '#harness/exchange.ts';
import type { Anything } from '#harness/kubectl.ts';
import { until } from '#harness/until.ts';
import { answering, type Behaviour, type WebhookServer } from '#harness/webhook-server.ts';
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';

export interface WebhookGround {
  readonly door: Door;
  readonly hooks: WebhookServer;
  readonly namespace: string;
}

/** What a case has seen: answers, and reviews in between. */
export type Seen = readonly (Answered | { readonly heard: JsonValue })[];

export const json = 'application/json';
const group = '/apis/admissionregistration.k8s.io/v1';

export const rule = (more: Anything = {}): Anything => ({
  operations: ['*'],
  apiGroups: [''],
  apiVersions: ['v1'],
  resources: ['configmaps'],
  ...more,
});

/** One case at work: a configuration in force for its namespace only, requests, and what was seen. */
export class Stage {
  readonly seen: (Answered | { readonly heard: JsonValue })[] = [];
  readonly ground: WebhookGround;
  private readonly configurations: string[] = [];

  constructor(ground: WebhookGround) {
    this.ground = ground;
  }

  hook(name: string, more: Anything = {}): Anything {
    const { hooks, namespace } = this.ground;
    return {
      name: `${name}.example.com`,
      clientConfig: { url: hooks.url(`/${name}`), caBundle: hooks.caBundle },
      rules: [rule()],
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
      timeoutSeconds: 5,
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
      ...more,
    };
  }

  /** In force once a dry run has been heard of by a probe of its own. */
  async configure(kind: 'Mutating' | 'Validating', webhooks: readonly Anything[]): Promise<void> {
    const { door, hooks, namespace } = this.ground;
    const name = `${namespace}-${kind.toLowerCase()}`;
    const path = `${group}/${kind.toLowerCase()}webhookconfigurations`;
    hooks.behave(
      '/probe',
      answering(() => ({ allowed: true })),
    );
    const probe = this.hook('probe', { rules: [rule({ resources: ['secrets'] })] });
    const body = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: `${kind}WebhookConfiguration`,
      metadata: { name },
    };
    const answer = await door.ask({
      method: 'POST',
      path,
      type: json,
      body: { ...body, webhooks: [...webhooks, probe] },
    });
    if (answer.status !== 201) throw new Error(`no configuration: ${JSON.stringify(answer.body)}`);
    this.configurations.push(`${path}/${name}`);
    await until('the configuration is in force', async () => {
      const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'probe' } };
      await door.ask({
        method: 'POST',
        path: `/api/v1/namespaces/${namespace}/secrets?dryRun=All`,
        type: json,
        body: secret,
      });
      return hooks.heard().some((each) => each.path === '/probe');
    });
    hooks.heard();
  }

  behave(name: string, behaviour: Behaviour): void {
    this.ground.hooks.behave(`/${name}`, behaviour);
  }

  async ask(method: string, path: string, body?: Anything, type = json): Promise<Anything> {
    const { door, namespace } = this.ground;
    const answer = await door.ask({
      method,
      path: path.startsWith('/') ? path : `/api/v1/namespaces/${namespace}/${path}`,
      ...(body === undefined ? {} : { type, body }),
    });
    this.seen.push(answer);
    return answer.body as Anything;
  }

  create(name: string, data: Anything = {}, query = ''): Promise<Anything> {
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
    return this.ask('POST', `configmaps${query}`, body);
  }

  /** What the webhooks have heard since the last time. */
  listen(): void {
    const heard = this.ground.hooks.heard().map(({ path, review }) => ({ path, review: withoutExtra(review) }));
    this.seen.push({ heard: heard as unknown as JsonValue });
  }

  async end(): Promise<Seen> {
    for (const path of this.configurations) await this.ground.door.ask({ method: 'DELETE', path });
    this.ground.hooks.heard();
    return this.seen;
  }
}

/** How the client was authenticated differs from server to server. */
function withoutExtra(review: JsonObject): JsonObject {
  const request = review.request as JsonObject;
  const { extra: _, ...userInfo } = request.userInfo as JsonObject;
  return { ...review, request: { ...request, userInfo, object: withoutOwners(request) } };
}

/** Of what is never stored (a Binding, an Eviction) nobody keeps who owns it. */
function withoutOwners({ object, subResource }: JsonObject): JsonValue {
  if (subResource !== 'binding' && subResource !== 'eviction') return object ?? null;
  const { managedFields: _, ...metadata } = (object as Anything).metadata;
  return { ...(object as JsonObject), metadata };
}
