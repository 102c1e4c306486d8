/**
 * Defaults that depend on more than the field itself, by type; constants stand in the tables (fields/). A rule sees the
 * value before its fields are made canonical, so '' and null may stand where nothing was said.
 */
import type { Fields } from '../value.ts';
import { autoscalingRules } from './autoscaling.ts';
import { clusterRules } from './cluster.ts';
import { containerRules } from './containers.ts';
import { extensionRules } from './extensions.ts';
import { networkingRules } from './networking.ts';
import { podRules } from './pods.ts';
import { serviceRules } from './services.ts';
import { volumeRules } from './volumes.ts';
import { workloadRules } from './workloads.ts';

export type TypeRule = (value: Fields) => Fields;

export const typeRules: Readonly<Record<string, TypeRule>> = {
  ...podRules,
  ...containerRules,
  ...volumeRules,
  ...serviceRules,
  ...workloadRules,
  ...clusterRules,
  ...autoscalingRules,
  ...networkingRules,
  ...extensionRules,
};
