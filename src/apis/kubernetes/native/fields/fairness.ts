/** API priority and fairness. Notation: ./notation.ts. */
export const fairness = `
[flowcontrol.apiserver.k8s.io/v1]
ExemptPriorityLevelConfiguration nominalConcurrencyShares*=0 lendablePercent*=0
FlowDistinguisherMethod type=""
FlowSchema metadata:ObjectMeta={} spec:FlowSchemaSpec={} status:FlowSchemaStatus={}
FlowSchemaCondition lastTransitionTime:time=null
FlowSchemaSpec priorityLevelConfiguration:PriorityLevelConfigurationReference={} matchingPrecedence=1000
  distinguisherMethod:FlowDistinguisherMethod rules:[PolicyRulesWithSubjects]
FlowSchemaStatus conditions:[FlowSchemaCondition]
GroupSubject name=""
LimitResponse type="" queuing:QueuingConfiguration
LimitedPriorityLevelConfiguration nominalConcurrencyShares*=30 limitResponse:LimitResponse={} lendablePercent*=0
  borrowingLimitPercent*
NonResourcePolicyRule verbs:[]=null nonResourceURLs:[]=null
PolicyRulesWithSubjects subjects:[Subject]=null resourceRules:[ResourcePolicyRule]
  nonResourceRules:[NonResourcePolicyRule]
PriorityLevelConfiguration metadata:ObjectMeta={} spec:PriorityLevelConfigurationSpec={}
  status:PriorityLevelConfigurationStatus={}
PriorityLevelConfigurationCondition lastTransitionTime:time=null
PriorityLevelConfigurationReference name=""
PriorityLevelConfigurationSpec type="" limited:LimitedPriorityLevelConfiguration
  exempt:ExemptPriorityLevelConfiguration
PriorityLevelConfigurationStatus conditions:[PriorityLevelConfigurationCondition]
QueuingConfiguration queues=64 handSize=8 queueLengthLimit=50
ResourcePolicyRule verbs:[]=null apiGroups:[]=null resources:[]=null namespaces:[]=null
ServiceAccountSubject namespace="" name=""
Subject kind="" user:UserSubject group:GroupSubject serviceAccount:ServiceAccountSubject
UserSubject name=""
`;
