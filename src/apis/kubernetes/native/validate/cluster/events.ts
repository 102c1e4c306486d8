/** Events: those with an eventTime say who reports what, and those of events.k8s.io always have one. */
import type { KubeObject } from '#kube/meta/object.ts';
import { qualifiedName } from '#kube/names/validate.ts';
import { invalidValue, requiredValue } from '#kube/status/causes.ts';
import { contentOf } from '../../prepare/preparation.ts';
import { type Fields, fieldsOf, isNothing, textOf } from '../../value.ts';
import { type Findings, requireText, texts } from '../findings.ts';

const longestText = 128;
const longestNote = 1024;

/** An event stands in the namespace of what it is about; those of cluster-scoped objects in default. */
export function validateEvent(event: KubeObject): Findings {
  const findings: Findings = [];
  const content = contentOf(event);
  const about = textOf(fieldsOf(content.involvedObject ?? content.regarding).namespace);
  const own = event.metadata.namespace ?? '';
  const isNew = typeof content.eventTime === 'string';
  const mismatch = about === '' ? !(own === 'default' || (isNew && own === 'kube-system')) : !isNew && about !== own;
  if (mismatch) findings.push(invalidValue('involvedObject.namespace', about, 'does not match event.namespace'));
  if (isNew) checkReporter(findings, content);
  return findings;
}

/** Of events.k8s.io: what only a create is held to. */
export function validateNewEvent(event: KubeObject): Findings {
  const findings = validateEvent(event);
  if (event.metadata.resourceVersion) return findings;
  const content = contentOf(event);
  checkSeries(findings, content.series);
  if (isNothing(content.eventTime)) findings.push(requiredValue('eventTime'));
  const type = textOf(content.type);
  if (type !== 'Normal' && type !== 'Warning') findings.push(invalidValue('type', '', `has invalid value: ${type}`));
  for (const [field, deprecated] of Object.entries(deprecatedFields)) {
    const value = content[deprecated] ?? content[field];
    if (isSet(value)) findings.push(invalidValue(field, '', 'needs to be unset'));
  }
  return findings;
}

const deprecatedFields = {
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
  count: 'deprecatedCount',
  source: 'deprecatedSource',
};

function isSet(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(isSet);
  return !isNothing(value) && value !== '' && value !== 0;
}

function checkSeries(findings: Findings, series: unknown): void {
  if (isNothing(series)) return;
  const { count, lastObservedTime } = fieldsOf(series);
  if (Number(count ?? 0) < 2) findings.push(invalidValue('series.count', '', 'should be at least 2'));
  if (isNothing(lastObservedTime)) findings.push(requiredValue('series.lastObservedTime'));
}

function checkReporter(findings: Findings, content: Fields): void {
  const name = content.reportingComponent === undefined ? 'reportingController' : 'reportingComponent';
  const reporter = textOf(content[name]);
  if (reporter === '') findings.push(requiredValue(name));
  texts(findings, name, reporter, qualifiedName(reporter));
  for (const field of ['reportingInstance', 'action', 'reason']) {
    requireText(findings, field, content[field]);
    checkLength(findings, field, content[field], longestText);
  }
  checkLength(findings, 'message', content.message ?? content.note, longestNote);
}

function checkLength(findings: Findings, field: string, value: unknown, most: number): void {
  if (Buffer.byteLength(textOf(value)) <= most) return;
  findings.push(invalidValue(field, '', `can have at most ${most} characters`));
}
