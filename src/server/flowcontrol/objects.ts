/** FlowSchemas and PriorityLevelConfigurations as they are stored: the parts that classify and bound requests. */
import type { KubeObject } from '#kube/meta/object.ts';

export const flowControlGroup = 'flowcontrol.apiserver.k8s.io';

/** Where they are kept. */
export const flowControlResources = {
  schemas: `${flowControlGroup}/flowschemas`,
  levels: `${flowControlGroup}/prioritylevelconfigurations`,
} as const;

export interface Subject {
  readonly kind: string;
  readonly user?: { readonly name: string };
  readonly group?: { readonly name: string };
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
}

export interface ResourceRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly namespaces?: readonly string[];
  readonly clusterScope?: boolean;
}

export interface NonResourceRule {
  readonly verbs: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

export interface PolicyRules {
  readonly subjects: readonly Subject[];
  readonly resourceRules?: readonly ResourceRule[];
  readonly nonResourceRules?: readonly NonResourceRule[];
}

export interface FlowSchemaSpec {
  readonly priorityLevelConfiguration: { readonly name: string };
  readonly matchingPrecedence: number;
  readonly distinguisherMethod?: { readonly type: string };
  readonly rules?: readonly PolicyRules[];
}

export interface FlowCondition {
  readonly type: string;
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string | null;
}

export interface FlowSchema extends KubeObject {
  readonly spec: FlowSchemaSpec;
  readonly status?: { readonly conditions?: readonly FlowCondition[] };
}

export interface Queuing {
  readonly queues: number;
  readonly handSize: number;
  readonly queueLengthLimit: number;
}

interface Shares {
  readonly nominalConcurrencyShares?: number;
  readonly lendablePercent?: number;
}

export interface LevelSpec {
  readonly type: string;
  readonly exempt?: Shares;
  readonly limited?: Shares & {
    readonly borrowingLimitPercent?: number;
    readonly limitResponse: { readonly type: string; readonly queuing?: Queuing };
  };
}

export interface PriorityLevel extends KubeObject {
  readonly spec: LevelSpec;
}
