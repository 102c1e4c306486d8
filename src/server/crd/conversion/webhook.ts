/** Versions of a definition that a webhook converts: many objects in one request, and each only once. */
import type { KindDefinition } from '#kube/kind/definition.ts';
import { apiVersionOf } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { StatusError } from '#kube/status/status.ts';
import { objectIn } from '../../admission/webhook/answer.ts';
import { post, type WebhookTransport } from '../../admission/webhook/call.ts';
import type { ClientConfig } from '../../admission/webhook/configuration.ts';
import type { Conversion } from '../../registry/kinds/served.ts';
import type { WebhookConversion } from '../definition.ts';
import type { Forms } from './forms.ts';
import { accepted, objectsIn, plain, reviewOf, reviewVersion } from './review.ts';

/** As kube-apiserver gives a conversion webhook. */
const timeoutSeconds = 30;
/** Objects of 3 kB on average: 1.5 MB in one request. */
const mostObjects = 500;

type Convert = (objects: readonly KubeObject[], apiVersion: string) => Promise<readonly KubeObject[]>;

/** Strategy Webhook, for the version of `kind`. */
export function webhookConversion(
  forms: Forms,
  kind: KindDefinition,
  webhook: WebhookConversion,
  transport: WebhookTransport,
): Conversion {
  const [version, stored] = [apiVersionOf(kind), apiVersionOf(forms.storage)];
  const convert = converterOf(webhook, transport);
  const shown = new Remembered(version, (objects) => convert(objects.map(forms.read), version), forms.pruned);
  const kept = new Remembered(stored, (objects) => convert(objects, stored), forms.pruned);
  return {
    fromStorage: (object) => (object.apiVersion === version ? forms.read(object) : shown.of(object)),
    toStorage: (object) => (object.apiVersion === stored ? object : kept.of(object)),
    remote: {
      read: (objects) => shown.ask(objects),
      write: (object) => kept.ask([object]),
    },
  };
}

/** What has been converted to one version, for as long as the objects live. */
class Remembered {
  readonly #version: string;
  readonly #convert: (objects: readonly KubeObject[]) => Promise<readonly KubeObject[]>;
  readonly #finish: (object: KubeObject) => KubeObject;
  readonly #known = new WeakMap<KubeObject, KubeObject>();
  /** Asked for and not answered yet: whoever wants the same waits for the same. */
  readonly #asked = new WeakMap<KubeObject, Promise<void>>();

  constructor(
    version: string,
    convert: (objects: readonly KubeObject[]) => Promise<readonly KubeObject[]>,
    finish: (object: KubeObject) => KubeObject,
  ) {
    this.#version = version;
    this.#convert = convert;
    this.#finish = finish;
  }

  of(object: KubeObject): KubeObject {
    const known = this.#known.get(object);
    if (!known) throw plain(`${object.kind} was not converted to ${this.#version} before it was used`);
    return known;
  }

  ask(objects: readonly KubeObject[]): Promise<void> | undefined {
    const missing = objects.filter((object) => object.apiVersion !== this.#version && !this.#known.has(object));
    if (missing.length === 0) return undefined;
    const fresh = missing.filter((object) => !this.#asked.has(object));
    const before = missing.map((object) => this.#asked.get(object)).filter((each) => each !== undefined);
    const asked = fresh.length > 0 ? [this.#request(fresh)] : [];
    return Promise.all([...new Set(before), ...asked]).then(() => {});
  }

  #request(objects: readonly KubeObject[]): Promise<void> {
    const answered = this.#inBatches(objects).finally(() => {
      for (const object of objects) this.#asked.delete(object);
    });
    for (const object of objects) this.#asked.set(object, answered);
    return answered;
  }

  async #inBatches(objects: readonly KubeObject[]): Promise<void> {
    for (let start = 0; start < objects.length; start += mostObjects) {
      const batch = objects.slice(start, start + mostObjects);
      const converted = await this.#convert(batch);
      for (const [index, object] of batch.entries()) this.#known.set(object, this.#finish(converted[index]!));
    }
  }
}

function converterOf(
  { clientConfig, conversionReviewVersions = [] }: WebhookConversion,
  transport: WebhookTransport,
): Convert {
  return async (objects, desired) => {
    const [first] = objects;
    const about = `conversion webhook for ${first?.apiVersion}, Kind=${first?.kind}`;
    const failed = (error: unknown) => plain(`${about} failed: ${(error as Error).message}`);
    const uid = transport.uid();
    const version = reviewVersion(conversionReviewVersions);
    const found = await post(
      transport,
      (clientConfig ?? {}) as ClientConfig,
      timeoutSeconds,
      reviewOf(version, uid, desired, objects),
    )
      .then(objectIn)
      .then((object) => objectsIn(object, version, uid))
      .catch((error: unknown) => {
        throw failed(error);
      });
    if (found.length !== objects.length)
      throw plain(`${about} returned ${found.length} objects, expected ${objects.length}`);
    return objects.map((object, index) => {
      try {
        return accepted(object, found[index], desired, { index, single: objects.length === 1 });
      } catch (error) {
        if (error instanceof StatusError) throw error;
        throw plain(`${about} ${(error as Error).message}`);
      }
    });
  };
}
