/** Boxes, whose `size` of "3x4" in v1 is `width` and `height` in v2: a webhook converts them. */
import type { Answered, Asked, Door } from '#harness/exchange.ts';
import { until } from '#harness/until.ts';
import type { Behaviour, WebhookServer } from '#harness/webhook-server.ts';
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';

export interface ConversionGround {
  readonly door: Door;
  readonly hooks: WebhookServer;
  readonly namespace: string;
}

export type Response = JsonObject & { readonly convertedObjects: readonly (JsonObject & { metadata: JsonObject })[] };

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** What a case does and sees. */
export class ConversionStage {
  readonly ground: ConversionGround;
  readonly group: string;
  readonly seen: Answered[] = [];

  constructor(ground: ConversionGround) {
    this.ground = ground;
    this.group = `${ground.namespace}.example.com`;
    this.twist(proper);
  }

  get webhook(): JsonObject {
    const { url, caBundle } = this.ground.hooks;
    const clientConfig = { url: url(this.#path), caBundle };
    return { strategy: 'Webhook', webhook: { clientConfig, conversionReviewVersions: ['v1', 'v1beta1'] } };
  }

  get #path(): string {
    return `/${this.group}`;
  }

  /** What becomes of the proper answer from now on. */
  twist(twisted: (answer: Answer) => JsonValue): void {
    this.ground.hooks.behave(this.#path, (request, review) => {
      const body = twisted(answered(request, review));
      return typeof body === 'number' ? { status: body } : { body: JSON.stringify(body) };
    });
  }

  /** How many objects each review since the last call had. */
  batches(): readonly number[] {
    const reviews = this.ground.hooks.heard().filter(({ path }) => path === this.#path);
    return reviews.map(({ review }) => ((review.request as JsonObject).objects as readonly JsonValue[]).length);
  }

  /** Served, a moment later, in both versions. */
  async define(conversion: JsonObject): Promise<void> {
    const { door } = this.ground;
    await door.ask({
      method: 'POST',
      path: definitions,
      type: 'application/json',
      body: boxes(this.group, conversion),
    });
    await this.served();
  }

  async served(): Promise<void> {
    const get = { method: 'GET', path: this.at('v2', 'nobody') };
    await until(`${this.group} is served`, async () => {
      const { status, body } = await this.ground.door.ask(get);
      return status === 404 && (body as JsonObject).details !== undefined;
    });
  }

  redefine(body: JsonValue): Promise<Answered> {
    const path = `${definitions}/boxes.${this.group}`;
    return this.ground.door.ask({ method: 'PATCH', path, type: 'application/merge-patch+json', body });
  }

  async ask(method: string, version: string, name: string, body?: JsonObject, type?: string): Promise<Answered> {
    const path = this.at(version, name);
    const sent = body && (type === undefined || type.includes('apply') ? this.#box(version, name, body) : body);
    const asked = { method, path: method === 'POST' ? this.at(version, name.replace(/^[^?]*/, '')) : path };
    return this.tell({ ...asked, ...(sent ? { body: sent, type: type ?? 'application/json' } : {}) });
  }

  create = (version: string, name: string, spec: JsonObject) => this.ask('POST', version, name, spec);
  read = (version: string, name = '') => this.ask('GET', version, name);
  merge = (version: string, name: string, body: JsonObject) =>
    this.ask('PATCH', version, name, body, 'application/merge-patch+json');
  apply = (version: string, name: string, manager: string, spec: JsonObject) =>
    this.ask('PATCH', version, `${name}?fieldManager=${manager}`, spec, 'application/apply-patch+yaml');

  async tell(asked: Asked): Promise<Answered> {
    const answer = await this.ground.door.ask(asked);
    this.seen.push(answer);
    return answer;
  }

  /** Asked, and not told; of the definition without a version. */
  glance(version: string, name: string, accept?: string): Promise<Answered> {
    const path = version === '' ? `${definitions}/boxes.${this.group}` : this.at(version, name);
    return this.ground.door.ask({ method: 'GET', path, ...(accept ? { accept } : {}) });
  }

  at(version: string, name = ''): string {
    const path = `/apis/${this.group}/${version}/namespaces/${this.ground.namespace}/boxes`;
    return name === '' || name.startsWith('?') ? path + name : `${path}/${name}`;
  }

  #box(version: string, name: string, spec: JsonObject): JsonObject {
    const metadata = { name: name.split('?', 1)[0]! };
    return { apiVersion: `${this.group}/${version}`, kind: 'Box', metadata, spec };
  }
}

export const proper = (answer: JsonObject): JsonValue => answer;

interface Answer extends JsonObject {
  readonly response: Response;
}

const answered = (request: Parameters<Behaviour>[0], { apiVersion, kind }: JsonObject): Answer => {
  const { uid, desiredAPIVersion, objects } = request as unknown as {
    readonly uid: string;
    readonly desiredAPIVersion: string;
    readonly objects: readonly JsonObject[];
  };
  const convertedObjects = objects.map((object) => converted(object, desiredAPIVersion));
  const response = { uid, convertedObjects, result: { status: 'Success' } };
  return { apiVersion, kind, response } as unknown as Answer;
};

interface Box {
  readonly size?: string;
  readonly width?: number;
  readonly height?: number;
}

function converted(object: JsonObject, apiVersion: string): JsonObject {
  if (object.apiVersion === apiVersion) return object;
  const { size = '', width = 0, height = 0, ...spec } = (object.spec ?? {}) as JsonObject & Box;
  const [wide = 0, high = 0] = size.split('x').map(Number);
  const sized = apiVersion.endsWith('/v1') ? { size: `${width}x${height}` } : { width: wide, height: high };
  return { ...object, apiVersion, spec: { ...spec, ...sized } };
}

const text = { type: 'string' };
const whole = { type: 'integer' };

function boxes(group: string, conversion: JsonObject): JsonObject {
  const version = (name: string, properties: JsonObject) => {
    const spec = { type: 'object', properties: { ...properties, note: text } };
    const schema = { openAPIV3Schema: { type: 'object', properties: { spec } } };
    return { name, served: true, storage: name === 'v1', schema, subresources: { status: {} } };
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `boxes.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'boxes', singular: 'box', kind: 'Box' },
      versions: [version('v1', { size: text }), version('v2', { width: whole, height: whole })],
      conversion,
    },
  };
}
