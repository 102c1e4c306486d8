/** What extends an API server: webhooks, admission policies, definitions, API services. Notation: ./notation.ts. */
export const extensions = `
[admissionregistration.k8s.io/v1]
AuditAnnotation key="" valueExpression=""
ExpressionWarning fieldRef="" warning=""
MatchCondition name="" expression=""
MatchResources namespaceSelector:LabelSelector={} objectSelector:LabelSelector={}
  resourceRules:[NamedRuleWithOperations] excludeResourceRules:[NamedRuleWithOperations] matchPolicy*=Equivalent
MutatingWebhook name="" clientConfig:WebhookClientConfig={} rules:[RuleWithOperations] failurePolicy*=Fail
  matchPolicy*=Equivalent namespaceSelector:LabelSelector={} objectSelector:LabelSelector={} sideEffects*=null
  timeoutSeconds*=10 admissionReviewVersions:[]=null reinvocationPolicy*=Never matchConditions:[MatchCondition]
MutatingWebhookConfiguration metadata:ObjectMeta={} webhooks:[MutatingWebhook]
NamedRuleWithOperations scope*=*
ParamKind
ParamRef selector:LabelSelector parameterNotFoundAction*
RuleWithOperations scope*=*
ServiceReference namespace="" name="" path* port*=443
TypeChecking expressionWarnings:[ExpressionWarning]
ValidatingAdmissionPolicy metadata:ObjectMeta={} spec:ValidatingAdmissionPolicySpec={}
  status:ValidatingAdmissionPolicyStatus={}
ValidatingAdmissionPolicyBinding metadata:ObjectMeta={} spec:ValidatingAdmissionPolicyBindingSpec={}
ValidatingAdmissionPolicyBindingSpec paramRef:ParamRef matchResources:MatchResources
ValidatingAdmissionPolicySpec paramKind:ParamKind matchConstraints:MatchResources validations:[Validation]
  failurePolicy*=Fail auditAnnotations:[AuditAnnotation] matchConditions:[MatchCondition] variables:[Variable]
ValidatingAdmissionPolicyStatus typeChecking:TypeChecking conditions:[Condition]
ValidatingWebhook name="" clientConfig:WebhookClientConfig={} rules:[RuleWithOperations] failurePolicy*=Fail
  matchPolicy*=Equivalent namespaceSelector:LabelSelector={} objectSelector:LabelSelector={} sideEffects*=null
  timeoutSeconds*=10 admissionReviewVersions:[]=null matchConditions:[MatchCondition]
ValidatingWebhookConfiguration metadata:ObjectMeta={} webhooks:[ValidatingWebhook]
Validation expression="" reason*
Variable name="" expression=""
WebhookClientConfig url* service:ServiceReference
[apiextensions.k8s.io/v1]
CustomResourceColumnDefinition name="" type="" jsonPath=""
CustomResourceConversion strategy="" webhook:WebhookConversion
CustomResourceDefinition metadata:ObjectMeta={} spec:CustomResourceDefinitionSpec={}
  status:CustomResourceDefinitionStatus={}
CustomResourceDefinitionCondition type="" status="" lastTransitionTime:time=null
CustomResourceDefinitionNames plural="" kind=""
CustomResourceDefinitionSpec group="" names:CustomResourceDefinitionNames={} scope=""
  versions:[CustomResourceDefinitionVersion]=null conversion:CustomResourceConversion
CustomResourceDefinitionStatus conditions:[CustomResourceDefinitionCondition]=null
  acceptedNames:CustomResourceDefinitionNames={} storedVersions:[]=null
CustomResourceDefinitionVersion name="" served=false storage=false deprecationWarning*
  schema:CustomResourceValidation subresources:CustomResourceSubresources
  additionalPrinterColumns:[CustomResourceColumnDefinition] selectableFields:[SelectableField]
CustomResourceSubresourceScale specReplicasPath="" statusReplicasPath="" labelSelectorPath*
CustomResourceSubresourceStatus
CustomResourceSubresources status:CustomResourceSubresourceStatus scale:CustomResourceSubresourceScale
CustomResourceValidation openAPIV3Schema:raw
SelectableField jsonPath=""
ServiceReference namespace="" name="" path* port*=443
WebhookClientConfig url* service:ServiceReference
WebhookConversion clientConfig:WebhookClientConfig conversionReviewVersions:[]=null
[apiregistration.k8s.io/v1]
APIService metadata:ObjectMeta={} spec:APIServiceSpec={} status:APIServiceStatus={}
APIServiceCondition type="" status="" lastTransitionTime:time=null
APIServiceSpec service:ServiceReference groupPriorityMinimum=0 versionPriority=0
APIServiceStatus conditions:[APIServiceCondition]
ServiceReference port*=443
`;
