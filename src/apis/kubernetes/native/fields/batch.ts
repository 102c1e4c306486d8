/** Jobs and CronJobs. Notation: ./notation.ts. */
export const batch = `
[batch/v1]
CronJob metadata:ObjectMeta={} spec:CronJobSpec={} status:CronJobStatus={}
CronJobSpec schedule="" timeZone* startingDeadlineSeconds* concurrencyPolicy=Allow suspend*=false
  jobTemplate:JobTemplateSpec={} successfulJobsHistoryLimit*=3 failedJobsHistoryLimit*=1
CronJobStatus active:[ObjectReference] lastScheduleTime:time lastSuccessfulTime:time
Job metadata:ObjectMeta={} spec:JobSpec={} status:JobStatus={}
JobCondition type="" status="" lastProbeTime:time=null lastTransitionTime:time=null
JobSpec parallelism* completions* activeDeadlineSeconds* podFailurePolicy:PodFailurePolicy
  successPolicy:SuccessPolicy backoffLimit* backoffLimitPerIndex* maxFailedIndexes* selector:LabelSelector
  manualSelector* template:PodTemplateSpec={} ttlSecondsAfterFinished* completionMode* suspend*
  podReplacementPolicy* managedBy*
JobStatus conditions:[JobCondition] startTime:time completionTime:time terminating* failedIndexes*
  uncountedTerminatedPods:UncountedTerminatedPods ready*
JobTemplateSpec metadata:ObjectMeta={} spec:JobSpec={}
PodFailurePolicy rules:[PodFailurePolicyRule]=null
PodFailurePolicyOnExitCodesRequirement containerName* operator="" values!:[]=null
PodFailurePolicyOnPodConditionsPattern type="" status=True
PodFailurePolicyRule action="" onExitCodes:PodFailurePolicyOnExitCodesRequirement
  onPodConditions:[PodFailurePolicyOnPodConditionsPattern]
SuccessPolicy rules:[SuccessPolicyRule]=null
SuccessPolicyRule succeededIndexes* succeededCount*
UncountedTerminatedPods
`;
