/** Audit events (audit.k8s.io/v1 Event) as kube-apiserver writes them: fields in its order. */
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';
import type { UserInfo } from '#kube/request/request.ts';
import type { Status } from '#kube/status/status.ts';
import { microTimestamp } from '#world/clock/clock.ts';
import type { AccessAttributes } from '../auth/authorizer.ts';
import type { Level, Stage } from './policy.ts';

export interface ObjectReference {
  resource: string;
  namespace: string;
  name: string;
  uid: string;
  apiGroup: string;
  apiVersion: string;
  resourceVersion: string;
  subresource: string;
}

/** What is known of a request so far; grows on its way. */
export interface EventFacts {
  readonly level: Level;
  readonly auditId: string;
  readonly requestUri: string;
  readonly verb: string;
  readonly user: UserInfo | undefined;
  readonly sourceIps: readonly string[];
  readonly userAgent: string;
  /** Milliseconds since 1970. */
  readonly received: number;
  readonly annotations: Map<string, string>;
  objectRef: ObjectReference | undefined;
  impersonated: UserInfo | undefined;
  responseStatus: Partial<Status> | undefined;
  requestObject: unknown;
  responseObject: unknown;
}

/** Empty texts are left out, as Go's omitempty does. */
const present = (fields: object): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '' && value !== undefined)) as JsonObject;

const userOf = ({ name, uid, groups, extra }: UserInfo): JsonObject =>
  present({
    username: name,
    uid,
    groups: groups.length > 0 ? groups : undefined,
    extra: extra && Object.keys(extra).length > 0 ? extra : undefined,
  });

const statusOf = ({ status, message, reason, details, code }: Partial<Status>): JsonObject => ({
  metadata: {},
  ...present({ status, message, reason, details: details as JsonValue | undefined, code }),
});

export function referenceOf(attributes: AccessAttributes, apiVersion: string): ObjectReference | undefined {
  const { apiGroup = '', resource = '', subresource = '', namespace = '', name = '', nonResourceUrl } = attributes;
  if (nonResourceUrl !== undefined) return undefined;
  return { resource, namespace, name, uid: '', apiGroup, apiVersion, resourceVersion: '', subresource };
}

const byKey = ([left]: readonly [string, string], [right]: readonly [string, string]) => (left < right ? -1 : 1);

/** One line of the log, without its end. */
export function eventText(facts: EventFacts, stage: Stage, now: number): string {
  const { user, impersonated, objectRef, responseStatus, annotations } = facts;
  return JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: facts.level,
    auditID: facts.auditId,
    stage,
    requestURI: facts.requestUri,
    verb: facts.verb,
    user: user ? userOf(user) : {},
    impersonatedUser: impersonated && userOf(impersonated),
    sourceIPs: facts.sourceIps.length > 0 ? facts.sourceIps : undefined,
    userAgent: facts.userAgent || undefined,
    objectRef: objectRef && present(objectRef),
    responseStatus: responseStatus && statusOf(responseStatus),
    requestObject: facts.requestObject,
    responseObject: facts.responseObject,
    requestReceivedTimestamp: microTimestamp(facts.received),
    stageTimestamp: microTimestamp(stage === 'RequestReceived' ? facts.received : now),
    annotations: annotations.size > 0 ? Object.fromEntries([...annotations].sort(byKey)) : undefined,
  });
}
