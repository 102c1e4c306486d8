/** `serviceaccounts/{name}/token`: a TokenRequest answered with a token bound to the account, and maybe to a Pod or Secret. */
import { parseApiVersion } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { ApiRequest } from '#kube/request/request.ts';
import { badRequest, conflict, invalid, notFound } from '#kube/status/errors.ts';
import { timestamp } from '#world/clock/clock.ts';
import type { BoundObject } from './claims.ts';
import type { FindObject, ServiceAccountTokens } from './tokens.ts';

interface TokenRequest extends KubeObject {
  readonly spec?: {
    readonly audiences?: readonly string[];
    readonly expirationSeconds?: number;
    readonly boundObjectRef?: {
      readonly apiVersion?: string;
      readonly kind?: string;
      readonly name?: string;
      readonly uid?: string;
    };
  };
}

const kind = { group: 'authentication.k8s.io', kind: 'TokenRequest' } as const;

const seconds = { default: 3_600, least: 600, most: 2 ** 32 };

function checkedSeconds(value = seconds.default): number {
  const field = 'spec.expirationSeconds';
  if (value < seconds.least) {
    const message = `Invalid value: ${value}: may not specify a duration less than 10 minutes`;
    throw invalid(kind, '', [{ reason: 'FieldValueInvalid', field, message }]);
  }
  if (value > seconds.most) {
    const message = `Invalid value: ${value}: may not specify a duration larger than 2^32 seconds`;
    throw invalid(kind, '', [{ reason: 'FieldValueInvalid', field, message }]);
  }
  return value;
}

const boundable: Readonly<Record<string, { readonly resource: string; readonly namespaced: boolean }>> = {
  Pod: { resource: 'pods', namespaced: true },
  Secret: { resource: 'secrets', namespaced: true },
  Node: { resource: 'nodes', namespaced: false },
};

function boundObject(find: FindObject, namespace: string, request: TokenRequest): BoundObject | undefined {
  const ref = request.spec?.boundObjectRef;
  if (!ref) return undefined;
  const { kind: wanted = '', name = '', uid } = ref;
  const target = boundable[wanted];
  if (!target || parseApiVersion(ref.apiVersion ?? 'v1').group !== '') {
    throw badRequest(`cannot bind token for serviceaccount to object ${ref.apiVersion ?? ''} ${wanted}`.trim());
  }
  const resource = { group: '', resource: target.resource };
  const object = find(target.resource, target.namespaced ? namespace : '', name);
  if (!object) throw notFound(resource, name);
  const actual = object.metadata.uid ?? '';
  if (uid && uid !== actual) {
    throw conflict(
      resource,
      name,
      `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  }
  return { kind: wanted as BoundObject['kind'], name, uid: actual };
}

/** Throws NotFound, Conflict, Invalid or BadRequest. Answers the TokenRequest with its status. */
export function answerTokenRequest(request: ApiRequest, tokens: ServiceAccountTokens, find: FindObject): KubeObject {
  const { namespace = '', name = '' } = request.path;
  const account = find('serviceaccounts', namespace, name);
  if (!account) throw notFound({ group: '', resource: 'serviceaccounts' }, name);
  const asked = request.body as TokenRequest;
  const expirationSeconds = checkedSeconds(asked.spec?.expirationSeconds);
  const bound = boundObject(find, namespace, asked);
  const audiences = asked.spec?.audiences ?? [];
  const { token, expires } = tokens.issue({
    namespace,
    account: { name, uid: account.metadata.uid ?? '' },
    audiences,
    expirationSeconds,
    ...(bound ? { bound } : {}),
  });
  const answer = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    metadata: { name, namespace },
    spec: { ...asked.spec, audiences, expirationSeconds },
    status: { token, expirationTimestamp: timestamp(expires) },
  };
  return answer;
}
