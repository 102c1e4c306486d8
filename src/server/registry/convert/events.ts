/** One stored Event (core/v1), seen as events.k8s.io/v1. */
import { type Conversion, remembered } from '../kinds/served.ts';
import { inverse, renameFields } from './rename.ts';

/** Field of core/v1 -> field of events.k8s.io/v1. */
const names: Readonly<Record<string, string>> = {
  involvedObject: 'regarding',
  message: 'note',
  reportingComponent: 'reportingController',
  source: 'deprecatedSource',
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
  count: 'deprecatedCount',
};
const back = inverse(names);

export const eventsV1: Conversion = {
  fromStorage: remembered((stored) => renameFields(stored, 'events.k8s.io/v1', names)),
  toStorage: (object) => renameFields(object, 'v1', back),
};
