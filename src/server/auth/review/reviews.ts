/** The kinds that are questions (TokenReview, SubjectAccessReview, …): created, answered at once, never stored. */
import type { KubeObject } from '#kube/meta/object.ts';
import type { ApiRequest, UserInfo } from '#kube/request/request.ts';
import { badRequest, invalid } from '#kube/status/errors.ts';
import type { AccessAttributes, Authorizer } from '../authorizer.ts';
import type { VerifiedToken } from '../service-account/tokens.ts';

export interface ReviewOptions {
  readonly authorizer: Authorizer;
  /** undefined: not a token of anybody's, or for none of these audiences. */
  readonly verifyToken: (token: string, audiences: readonly string[] | undefined) => VerifiedToken | undefined;
}

/** Answers a create with the object and its status. Throws BadRequest or Invalid. */
export type Review = (request: ApiRequest) => KubeObject;

interface AccessSpec {
  readonly resourceAttributes?: {
    readonly namespace?: string;
    readonly verb?: string;
    readonly group?: string;
    readonly resource?: string;
    readonly subresource?: string;
    readonly name?: string;
  };
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string };
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

interface ReviewObject extends KubeObject {
  readonly spec?: AccessSpec & {
    readonly token?: string;
    readonly audiences?: readonly string[];
    readonly namespace?: string;
  };
}

const bodyOf = (request: ApiRequest) => request.body as ReviewObject;

const answered = (object: KubeObject, status: object): KubeObject => {
  const { apiVersion, kind, metadata, ...rest } = object;
  return { kind, apiVersion, metadata: metadata ?? {}, ...rest, status } as KubeObject;
};

const userFields = ({ name, uid, groups, extra }: UserInfo) => ({
  username: name,
  ...(uid ? { uid } : {}),
  groups,
  ...(extra ? { extra } : {}),
});

function attributesIn({ resourceAttributes, nonResourceAttributes }: AccessSpec, user: UserInfo): AccessAttributes {
  if (nonResourceAttributes) {
    return { user, verb: nonResourceAttributes.verb ?? '', nonResourceUrl: nonResourceAttributes.path ?? '' };
  }
  const { verb = '', group = '', resource = '', subresource, namespace, name } = resourceAttributes ?? {};
  return {
    user,
    verb,
    apiGroup: group,
    resource,
    ...(subresource ? { subresource } : {}),
    ...(namespace ? { namespace } : {}),
    ...(name ? { name } : {}),
  };
}

function requireOneQuestion(kind: string, spec: AccessSpec): void {
  if ((spec.resourceAttributes === undefined) !== (spec.nonResourceAttributes === undefined)) return;
  const field = spec.resourceAttributes ? 'spec.nonResourceAttributes' : 'spec.resourceAttributes';
  const message = spec.resourceAttributes
    ? 'Invalid value: cannot be specified in combination with resourceAttributes'
    : 'Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified';
  throw invalid({ group: 'authorization.k8s.io', kind }, '', [{ reason: 'FieldValueInvalid', field, message }]);
}

function subjectOf(kind: string, spec: AccessSpec): UserInfo {
  const { user = '', groups = [], uid, extra } = spec;
  if (user === '' && groups.length === 0) {
    const message = 'Invalid value: "": at least one of user or group must be specified';
    throw invalid({ group: 'authorization.k8s.io', kind }, '', [
      { reason: 'FieldValueInvalid', field: 'spec.user', message },
    ]);
  }
  return { name: user, groups, ...(uid ? { uid } : {}), ...(extra ? { extra } : {}) };
}

function accessReviews(authorizer: Authorizer) {
  const decide = (object: ReviewObject, user: UserInfo): KubeObject => {
    const spec = object.spec ?? {};
    requireOneQuestion(object.kind, spec);
    const { allowed, reason } = authorizer.authorize(attributesIn(spec, user));
    return answered(object, { allowed, ...(reason ? { reason } : {}) });
  };
  const ofSubject: Review = (request) => {
    const object = bodyOf(request);
    return decide(object, subjectOf(object.kind, object.spec ?? {}));
  };
  const local: Review = (request) => {
    const { namespace = '' } = request.path;
    const asked = bodyOf(request).spec?.resourceAttributes?.namespace;
    if (asked !== namespace) throw badRequest(`spec.resourceAttributes.namespace must match namespace: ${namespace}`);
    return ofSubject(request);
  };
  const own: Review = (request) => decide(bodyOf(request), request.user);
  return { ofSubject, local, own };
}

const rulesReview =
  (authorizer: Authorizer): Review =>
  ({ body, user }) => {
    const object = body as ReviewObject;
    const namespace = object.spec?.namespace ?? '';
    if (namespace === '') throw badRequest('no namespace on request');
    const rules = authorizer.rulesFor(user, namespace);
    const resourceRules = rules.filter((rule) => (rule.resources?.length ?? 0) > 0);
    const nonResourceRules = rules
      .filter((rule) => (rule.nonResourceURLs?.length ?? 0) > 0)
      .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs }));
    return answered(object, { resourceRules, nonResourceRules, incomplete: false });
  };

const tokenReview =
  (verifyToken: ReviewOptions['verifyToken']): Review =>
  (request) => {
    const object = bodyOf(request);
    const token = object.spec?.token ?? '';
    if (token === '') throw badRequest('token is required for TokenReview in authentication');
    const verified = verifyToken(token, object.spec?.audiences?.length ? object.spec.audiences : undefined);
    if (!verified) return answered(object, { user: {}, error: 'invalid bearer token' });
    return answered(object, { authenticated: true, user: userFields(verified.user), audiences: verified.audiences });
  };

/** By `group/resource`. */
export function reviews({ authorizer, verifyToken }: ReviewOptions): Readonly<Record<string, Review>> {
  const access = accessReviews(authorizer);
  return {
    'authorization.k8s.io/subjectaccessreviews': access.ofSubject,
    'authorization.k8s.io/localsubjectaccessreviews': access.local,
    'authorization.k8s.io/selfsubjectaccessreviews': access.own,
    'authorization.k8s.io/selfsubjectrulesreviews': rulesReview(authorizer),
    'authentication.k8s.io/tokenreviews': tokenReview(verifyToken),
    'authentication.k8s.io/selfsubjectreviews': (request) =>
      answered(bodyOf(request), { userInfo: userFields(request.user) }),
  };
}
