/** Where we differ from the golden data, and which line of docs/parity.md says why. No other difference is accepted. */

export interface Difference {
  /** Of a line that compare.ts writes. */
  readonly line: RegExp;
  /** Words of docs/parity.md. */
  readonly parity: string;
  /** It need not be met each time. */
  readonly sometimes?: true;
}

export const differences: readonly Difference[] = [
  {
    line: /^(object|table|event) .*karmada-impersonator|^event is missing: .* (Reflect status for object\(ClusterRole|Sync impersonation config)/,
    parity: 'the impersonation Works that belong to it',
  },
  { line: /karmada-aggregated-apiserver/, parity: 'Service `karmada-system/karmada-aggregated-apiserver`' },
  {
    line: /^(object|table|event) .*(kubernetes-service|karmada-es-member1[ /|]+kubernetes-)/,
    parity: '`default/kubernetes`, its Endpoints and EndpointSlices, `kube-root-ca.crt`',
  },
  {
    line: /^object (karmada|member1) Service default\/kubernetes metadata\.|^event is missing: .* on Service default\/kubernetes: /,
    parity: '`default/kubernetes`, its Endpoints and EndpointSlices, `kube-root-ca.crt`',
  },
  { line: /^event is missing: .*LeaderElection/, parity: 'event `LeaderElection`' },
  { line: /work\.flotilla\.io\/stated-fields: expected nothing/, parity: '`work.flotilla.io/stated-fields`' },
  { line: /resourcetemplate\.flotilla\.io\/seen: expected nothing/, parity: '`resourcetemplate.flotilla.io/seen`' },
  {
    line: /ResourceBinding \S+ (metadata\.generation|status\.schedulerObservedGeneration): expected \d+, found \d+$/,
    parity: "a binding's generation",
  },
  {
    line: /annotations\.work\.karmada\.io\/conflict-resolution: expected "overwrite", found nothing$/,
    parity: '`work.karmada.io/conflict-resolution` stays',
  },
  {
    line: /^event is missing: .*skip schedule deleting resourceBinding/,
    parity: 'event `ScheduleBindingFailed` of a binding that is being deleted',
  },
  {
    line: /^event is missing: .*ApplyPolicyFailed .* already exists$/,
    parity: 'event `ApplyPolicyFailed` of a binding that exists already',
  },
  {
    line: /^event is missing: .*TaintClusterSucceed on Cluster member\d: /,
    parity: 'event `TaintClusterSucceed` of a cluster that joins',
    sometimes: true,
  },
  { line: /^event .* as unhealthy\.$/, parity: 'event `InterpretHealthSucceed` … as unhealthy' },
];
