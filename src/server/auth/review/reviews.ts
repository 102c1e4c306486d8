/** The kinds that are questions (TokenReview, SubjectAccessReview, …): created, answered at once, never stored. */
import type { KubeObject } from '#kube/meta/object.ts';
import type { ApiRequest, UserInfo } from '#kube/request/request.ts';
import { badRequest } from '#kube/status/errors.ts';
import { type Clock, timestamp } from '#world/clock/clock.ts';
import type { Authorizer } from '../authorizer.ts';
import type { TokenVerdict } from '../tokens.ts';
import { evaluationError } from './evaluation.ts';
import { type AccessReview, attributesIn, type ReviewScope, requireQuestion } from './spec.ts';

export interface ReviewOptions {
  readonly authorizer: Authorizer;
  readonly clock: Clock;
  /** `audiences` undefined: this API server. */
  readonly verifyToken: (token: string, audiences: readonly string[] | undefined) => TokenVerdict;
}

/** Answers a create with the object and its status. Throws BadRequest or Invalid. */
export type Review = (request: ApiRequest) => KubeObject;

interface TokenReview extends KubeObject {
  readonly spec?: { readonly token?: string; readonly audiences?: readonly string[] };
}

interface RulesReview extends KubeObject {
  readonly spec?: { readonly namespace?: string };
}

const answered = (object: KubeObject, status: object): KubeObject => {
  const { apiVersion, kind, metadata, ...rest } = object;
  return { kind, apiVersion, metadata: metadata ?? {}, ...rest, status } as KubeObject;
};

const userFields = ({ name, uid, groups, extra }: UserInfo) => ({
  username: name,
  ...(uid ? { uid } : {}),
  groups,
  ...(extra && Object.keys(extra).length > 0 ? { extra } : {}),
});

/** A namespace that the path names is the object's. */
function accessReview(authorizer: Authorizer, scope: ReviewScope): Review {
  return (request) => {
    const review = request.body as AccessReview;
    requireQuestion(review, scope);
    const { spec = {} } = review;
    const { user = '', groups = [], uid, extra } = spec;
    const named: UserInfo = { name: user, groups, ...(uid ? { uid } : {}), ...(extra ? { extra } : {}) };
    const { allowed, reason } = authorizer.authorize(attributesIn(spec, scope === 'self' ? request.user : named));
    const error = evaluationError(spec);
    return answered(review, {
      allowed,
      ...(reason ? { reason } : {}),
      ...(error ? { evaluationError: error } : {}),
    });
  };
}

const rulesReview =
  (authorizer: Authorizer): Review =>
  ({ body, user }) => {
    const { apiVersion, kind, spec } = body as RulesReview;
    if (!spec?.namespace) throw badRequest('no namespace on request');
    const { rules, incomplete, error } = authorizer.rulesFor(user, spec.namespace);
    const resourceRules = rules.filter(({ resources }) => (resources?.length ?? 0) > 0);
    const nonResourceRules = rules
      .filter(({ nonResourceURLs }) => (nonResourceURLs?.length ?? 0) > 0)
      .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs }));
    const status = { resourceRules, nonResourceRules, incomplete, ...(error ? { evaluationError: error } : {}) };
    // kube-apiserver answers with an object of its own: nothing that was sent is in it.
    return { kind, apiVersion, metadata: {}, spec: {}, status } as KubeObject;
  };

const tokenReview =
  (verifyToken: ReviewOptions['verifyToken']): Review =>
  ({ body }) => {
    const review = body as TokenReview;
    const { token = '', audiences = [] } = review.spec ?? {};
    if (token === '') throw badRequest('token is required for TokenReview in authentication');
    const verdict = verifyToken(token, audiences.length > 0 ? audiences : undefined);
    if ('error' in verdict) return answered(review, { user: {}, error: verdict.error });
    return answered(review, { authenticated: true, user: userFields(verdict.user), audiences: verdict.audiences });
  };

const selfReview =
  (clock: Clock): Review =>
  ({ body, user }) => {
    const { apiVersion, kind } = body as KubeObject;
    const metadata = { creationTimestamp: timestamp(clock.now()) };
    return { kind, apiVersion, metadata, status: { userInfo: userFields(user) } } as KubeObject;
  };

/** By `group/resource`. */
export function reviews({ authorizer, clock, verifyToken }: ReviewOptions): Readonly<Record<string, Review>> {
  return {
    'authorization.k8s.io/subjectaccessreviews': accessReview(authorizer, 'subject'),
    'authorization.k8s.io/localsubjectaccessreviews': accessReview(authorizer, 'local'),
    'authorization.k8s.io/selfsubjectaccessreviews': accessReview(authorizer, 'self'),
    'authorization.k8s.io/selfsubjectrulesreviews': rulesReview(authorizer),
    'authentication.k8s.io/tokenreviews': tokenReview(verifyToken),
    'authentication.k8s.io/selfsubjectreviews': selfReview(clock),
  };
}
