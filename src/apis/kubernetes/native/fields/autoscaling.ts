/** HorizontalPodAutoscalers, both versions. Notation: ./notation.ts. */
export const autoscaling = `
[autoscaling/v1]
CrossVersionObjectReference kind="" name=""
HorizontalPodAutoscaler metadata:ObjectMeta={} spec:HorizontalPodAutoscalerSpec={}
  status:HorizontalPodAutoscalerStatus={}
HorizontalPodAutoscalerSpec scaleTargetRef:CrossVersionObjectReference={} minReplicas*=1 maxReplicas=0
  targetCPUUtilizationPercentage*
HorizontalPodAutoscalerStatus observedGeneration* lastScaleTime:time currentReplicas=0 desiredReplicas=0
  currentCPUUtilizationPercentage*
Scale metadata:ObjectMeta={} spec:ScaleSpec={} status:ScaleStatus={}
ScaleSpec
ScaleStatus replicas=0
[autoscaling/v2]
ContainerResourceMetricSource name="" target:MetricTarget={} container=""
ContainerResourceMetricStatus name="" current:MetricValueStatus={} container=""
CrossVersionObjectReference kind="" name=""
ExternalMetricSource metric:MetricIdentifier={} target:MetricTarget={}
ExternalMetricStatus metric:MetricIdentifier={} current:MetricValueStatus={}
HPAScalingPolicy type="" value=0 periodSeconds=0
HPAScalingRules stabilizationWindowSeconds* selectPolicy* policies!:[HPAScalingPolicy] tolerance:quantity
HorizontalPodAutoscaler metadata:ObjectMeta={} spec:HorizontalPodAutoscalerSpec={}
  status:HorizontalPodAutoscalerStatus={}
HorizontalPodAutoscalerBehavior scaleUp:HPAScalingRules scaleDown:HPAScalingRules
HorizontalPodAutoscalerCondition type="" status="" lastTransitionTime:time=null
HorizontalPodAutoscalerSpec scaleTargetRef:CrossVersionObjectReference={} minReplicas*=1 maxReplicas=0
  metrics:[MetricSpec] behavior:HorizontalPodAutoscalerBehavior
HorizontalPodAutoscalerStatus observedGeneration* lastScaleTime:time desiredReplicas=0
  currentMetrics:[MetricStatus]=null conditions:[HorizontalPodAutoscalerCondition]
MetricIdentifier name="" selector:LabelSelector
MetricSpec type="" object:ObjectMetricSource pods:PodsMetricSource resource:ResourceMetricSource
  containerResource:ContainerResourceMetricSource external:ExternalMetricSource
MetricStatus type="" object:ObjectMetricStatus pods:PodsMetricStatus resource:ResourceMetricStatus
  containerResource:ContainerResourceMetricStatus external:ExternalMetricStatus
MetricTarget type="" value:quantity averageValue:quantity averageUtilization*
MetricValueStatus value:quantity averageValue:quantity averageUtilization*
ObjectMetricSource describedObject:CrossVersionObjectReference={} target:MetricTarget={} metric:MetricIdentifier={}
ObjectMetricStatus metric:MetricIdentifier={} current:MetricValueStatus={}
  describedObject:CrossVersionObjectReference={}
PodsMetricSource metric:MetricIdentifier={} target:MetricTarget={}
PodsMetricStatus metric:MetricIdentifier={} current:MetricValueStatus={}
ResourceMetricSource name="" target:MetricTarget={}
ResourceMetricStatus name="" current:MetricValueStatus={}
`;
