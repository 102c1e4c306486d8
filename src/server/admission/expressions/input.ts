/** What an expression of a webhook or a policy is evaluated with: the request and its objects as CEL values. */
import { requestResource } from '#apis/kubernetes/expressions/environment.ts';
import type { AdmissionRequest } from '#kube/admission/review.ts';
import { type AuthorizerHook, celAuthorizer, celResourceCheck } from '#kube/cel/library/authorizer.ts';
import { celValueOfJson } from '#kube/cel/schema-type.ts';
import type { CelValue } from '#kube/cel/value/value.ts';
import type { JsonObject, JsonValue, KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import type { UserInfo } from '#kube/request/request.ts';
import type { Authorizer } from '../../auth/authorizer.ts';
import { requestFacts } from '../request-facts.ts';

export interface ExpressionInput {
  /** As the client sent it. */
  readonly request: AdmissionRequest;
  /** In the version that was matched. */
  readonly matched: AdmissionRequest;
  readonly params?: KubeObject | undefined;
  readonly namespace?: KubeObject | undefined;
  readonly authorizer: Authorizer;
}

export type InputVariables = Readonly<Record<string, CelValue | undefined>>;

const celValue = (object: KubeObject | undefined): CelValue =>
  object === undefined ? null : celValueOfJson(object as unknown as JsonValue);

export function inputVariables({ request, matched, params, namespace, authorizer }: ExpressionInput): InputVariables {
  const { path } = matched;
  const hook = authorizerHook(authorizer, request.user);
  return {
    object: celValue(matched.object),
    oldObject: celValue(matched.oldObject),
    request: celValueOfJson(requestFacts(request, matched)),
    params: celValue(params),
    namespaceObject: namespace ? celValueOfJson(namespaceValue(namespace as UnstructuredObject)) : null,
    authorizer: celAuthorizer(hook),
    [requestResource]: celResourceCheck(hook, {
      group: path.group,
      resource: path.resource,
      ...(path.subresource ? { subresource: path.subresource } : {}),
      ...(path.namespace ? { namespace: path.namespace } : {}),
      ...(path.name ? { name: path.name } : {}),
    }),
  };
}

/** Without who has written what. */
function namespaceValue({ metadata, spec, status }: UnstructuredObject): JsonObject {
  const { managedFields: _, ownerReferences: __, ...seen } = metadata;
  return { metadata: seen, ...(spec ? { spec } : {}), ...(status ? { status } : {}) } as unknown as JsonObject;
}

function authorizerHook({ authorize }: Pick<Authorizer, 'authorize'>, user: UserInfo): AuthorizerHook {
  return {
    checkResource: ({ verb, group, resource, subresource, namespace, name, fieldSelector, labelSelector }) =>
      authorize({
        user,
        verb,
        apiGroup: group,
        resource,
        ...(subresource ? { subresource } : {}),
        ...(namespace ? { namespace } : {}),
        ...(name ? { name } : {}),
        ...(fieldSelector ? { fieldSelector } : {}),
        ...(labelSelector ? { labelSelector } : {}),
      }),
    checkPath: (path, verb) => authorize({ user, verb, nonResourceUrl: path }),
    serviceAccount: (namespace, name) =>
      authorizerHook(
        { authorize },
        {
          name: `system:serviceaccount:${namespace}:${name}`,
          groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
        },
      ),
  };
}
