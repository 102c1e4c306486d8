/** CustomResourceDefinitions and their objects in the words of a script; each script has a group of its own. */
import type { Anything } from '#harness/kubectl.ts';
import type { JsonValue } from '#kube/meta/object.ts';
import { applyMergePatch } from '#kube/patch/merge.ts';
import type { Hand } from './hand.ts';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const json = 'application/json';
const merge = 'application/merge-patch+json';

/** `patch` laid over `value`, as a merge patch. */
export const laidOver = (value: Anything, patch: Anything): Anything =>
  applyMergePatch(value as JsonValue, patch as JsonValue) as Anything;

/** A version with this schema of its objects; `more` are further fields of the version. */
export const version = (name: string, schema: Anything = { type: 'object' }, more: Anything = {}): Anything => ({
  name,
  served: true,
  storage: name === 'v1',
  schema: { openAPIV3Schema: schema },
  ...more,
});

/** An object's schema whose spec has these properties. */
export const specOf = (properties: Anything, more: Anything = {}): Anything => ({
  type: 'object',
  properties: { spec: { type: 'object', properties, ...more } },
});

export const definition = (group: string, versions: readonly Anything[], spec: Anything = {}): Anything => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `widgets.${group}` },
  spec: { group, scope: 'Namespaced', names: { plural: 'widgets', kind: 'Widget' }, versions, ...spec },
});

export interface DefinitionHand {
  /** Sends a definition that is expected to be refused, or shown what becomes of it. */
  readonly offer: (definition: Anything) => Promise<Anything>;
  /** Creates it and waits until `path` is served; neither answer is compared. */
  readonly define: (definition: Anything) => Promise<void>;
  readonly read: (name: string) => Promise<Anything>;
  /** A merge patch. */
  readonly change: (name: string, patch: Anything, manager?: string) => Promise<Anything>;
  /** The same where the answer is not compared. */
  readonly alter: (name: string, patch: Anything) => Promise<void>;
  readonly remove: (name: string) => Promise<Anything>;
}

export function definitionHand(hand: Hand): DefinitionHand {
  const one = (name: string) => `${definitions}/${name}`;
  const create = (object: Anything) => ({
    method: 'POST',
    path: `${definitions}?fieldManager=definer`,
    type: json,
    body: object,
  });
  return {
    offer: async (object) => (await hand.ask(create(object))).body as Anything,
    define: async (object) => {
      await hand.ask({ ...create(object), until: 201 });
      const { group, names, versions } = object.spec;
      const served = versions.findLast((each: Anything) => each.served);
      await hand.ask({ method: 'GET', path: `/apis/${group}/${served.name}/${names.plural}`, until: 200 });
      await hand.ask({ method: 'GET', path: `/apis/${group}/${served.name}`, until: 200 });
    },
    read: async (name) => (await hand.ask({ method: 'GET', path: one(name) })).body as Anything,
    change: async (name, body, manager = 'changer') =>
      (await hand.ask({ method: 'PATCH', path: `${one(name)}?fieldManager=${manager}`, type: merge, body }))
        .body as Anything,
    alter: async (name, body) => {
      await hand.ask({ method: 'PATCH', path: `${one(name)}?fieldManager=alterer`, type: merge, body, until: 200 });
    },
    remove: async (name) => (await hand.ask({ method: 'DELETE', path: one(name) })).body as Anything,
  };
}

/** Objects of `widgets.<group>` in the script's namespace. */
export interface WidgetHand {
  readonly widget: (name: string, content?: Anything, version?: string) => Anything;
  readonly create: (widget: Anything, query?: string) => Promise<Anything>;
  readonly get: (name: string, version?: string) => Promise<Anything>;
  readonly list: (query?: string, version?: string, accept?: string) => Promise<Anything>;
  readonly update: (widget: Anything, subresource?: string) => Promise<Anything>;
  readonly patch: (name: string, patch: Anything, subresource?: string, version?: string) => Promise<Anything>;
  readonly apply: (widget: Anything, manager: string, query?: string) => Promise<Anything>;
  readonly remove: (name: string) => Promise<Anything>;
  /** Waits until a creation of this object would be answered with `status`: a changed definition takes a moment to hold. */
  readonly until: (widget: Anything, status: number) => Promise<void>;
}

export function widgetHand(hand: Hand, group: string): WidgetHand {
  const all = (version = 'v1') => `/apis/${group}/${version}/namespaces/${hand.namespace}/widgets`;
  const versionOf = ({ apiVersion }: Anything) => String(apiVersion).split('/')[1];
  const one = (name: string, version?: string, subresource?: string) =>
    `${all(version)}/${name}${subresource ? `/${subresource}` : ''}`;
  const said = async (asked: Parameters<Hand['ask']>[0]) => (await hand.ask(asked)).body as Anything;
  return {
    widget: (name, content = {}, version = 'v1') => ({
      apiVersion: `${group}/${version}`,
      kind: 'Widget',
      metadata: { name },
      ...content,
    }),
    create: (body, query = '') =>
      said({ method: 'POST', path: `${all(versionOf(body))}?fieldManager=creator${query}`, type: json, body }),
    get: (name, version) => said({ method: 'GET', path: one(name, version) }),
    list: (query = '', version = 'v1', accept = json) =>
      said({
        method: 'GET',
        path: `${all(version)}${query}`,
        ...(accept === json ? {} : { accept }),
      }),
    update: (body, subresource) =>
      said({
        method: 'PUT',
        path: `${one(body.metadata.name, versionOf(body), subresource)}?fieldManager=updater`,
        type: json,
        body,
      }),
    patch: (name, body, subresource, version) =>
      said({
        method: 'PATCH',
        path: `${one(name, version, subresource)}?fieldManager=patcher`,
        type: merge,
        body,
      }),
    apply: (body, manager, query = '') =>
      said({
        method: 'PATCH',
        path: `${one(body.metadata.name, versionOf(body))}?fieldManager=${manager}${query}`,
        type: 'application/apply-patch+yaml',
        body,
      }),
    remove: (name) => said({ method: 'DELETE', path: one(name) }),
    until: async (body, status) => {
      const path = `${all(versionOf(body))}?dryRun=All&fieldValidation=Strict`;
      await hand.ask({ method: 'POST', path, type: json, body, until: status });
    },
  };
}
