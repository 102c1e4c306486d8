/** Query parameters by verb; kubectl asks for `fieldValidation` and `dryRun` on PATCH before it relies on them. */
import type { JsonObject } from '../meta/object.ts';

const parameter = (name: string, type: 'string' | 'boolean' | 'integer'): JsonObject => ({
  name,
  in: 'query',
  schema: { type, uniqueItems: true },
});

const pretty = parameter('pretty', 'string');
const dryRun = parameter('dryRun', 'string');
const fieldManager = parameter('fieldManager', 'string');
const fieldValidation = parameter('fieldValidation', 'string');

const listParameters = [
  pretty,
  parameter('allowWatchBookmarks', 'boolean'),
  parameter('continue', 'string'),
  parameter('fieldSelector', 'string'),
  parameter('labelSelector', 'string'),
  parameter('limit', 'integer'),
  parameter('resourceVersion', 'string'),
  parameter('resourceVersionMatch', 'string'),
  parameter('sendInitialEvents', 'boolean'),
  parameter('timeoutSeconds', 'integer'),
  parameter('watch', 'boolean'),
];
const writeParameters = [pretty, dryRun, fieldManager, fieldValidation];
const deleteParameters = [
  pretty,
  dryRun,
  parameter('gracePeriodSeconds', 'integer'),
  parameter('orphanDependents', 'boolean'),
  parameter('propagationPolicy', 'string'),
];

const byVerb: Readonly<Record<string, readonly JsonObject[]>> = {
  list: listParameters,
  create: writeParameters,
  update: writeParameters,
  patch: [...writeParameters, parameter('force', 'boolean')],
  delete: deleteParameters,
  deletecollection: [...listParameters, ...deleteParameters.slice(1)],
};

export const operationParameters = (verb: string): readonly JsonObject[] => byVerb[verb] ?? [pretty];
