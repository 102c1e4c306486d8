/** The conversions between versions of built-in kinds. */
import type { Conversion } from '../kinds/served.ts';
import { autoscalingV1 } from './autoscaling.ts';
import { eventsV1 } from './events.ts';

const conversions: Readonly<Record<string, Conversion>> = {
  'events.k8s.io/v1 events': eventsV1,
  'autoscaling/v1 autoscaling/horizontalpodautoscalers': autoscalingV1,
};

/** undefined when the version is the stored one, or only its name differs. */
export function builtinConversion(apiVersion: string, storageResource: string): Conversion | undefined {
  return conversions[`${apiVersion} ${storageResource}`];
}
