/** HorizontalPodAutoscalers: CPU at 80 % when no metric is given, and complete scaling rules where any are. */
import { type Fields, fieldsOf, isFields, itemsOf, withMissing } from '../value.ts';

const cpuAt80 = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
};

const scaleUp = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
};
/** No window: the controller's own setting holds. */
const scaleDown = { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] };

function spec(value: Fields): Fields {
  const next = itemsOf(value.metrics).length === 0 ? { ...value, metrics: [cpuAt80] } : value;
  if (!isFields(next.behavior)) return next;
  const { behavior } = next;
  const rules = {
    scaleUp: withMissing(fieldsOf(behavior.scaleUp), scaleUp),
    scaleDown: withMissing(fieldsOf(behavior.scaleDown), scaleDown),
  };
  const complete = rules.scaleUp === behavior.scaleUp && rules.scaleDown === behavior.scaleDown;
  return complete ? next : { ...next, behavior: { ...behavior, ...rules } };
}

export const autoscalingRules = {
  'autoscaling/v2.HorizontalPodAutoscalerSpec': spec,
  'autoscaling/v1.HorizontalPodAutoscalerSpec': (value: Fields) =>
    withMissing(value, { targetCPUUtilizationPercentage: 80 }),
};
