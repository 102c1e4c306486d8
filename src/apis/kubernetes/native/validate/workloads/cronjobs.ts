/** CronJobs: a schedule that can be read, and a Job to be made. */
import type { KubeObject } from '#kube/meta/object.ts';
import { invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import { contentOf } from '../../prepare/preparation.ts';
import { fieldsOf, isFields, textOf } from '../../value.ts';
import { type Findings, notNegative, requireOneOf } from '../findings.ts';
import { checkJobSpec } from './jobs.ts';
import { scheduleFault } from './schedule.ts';

/** The suffix of a Job's name takes 11 of a label's 63 characters. */
const longestName = 52;

export function validateCronJob(object: KubeObject): Findings {
  const findings: Findings = [];
  const spec = fieldsOf(contentOf(object).spec);
  const schedule = textOf(spec.schedule);
  if (schedule === '') findings.push(requiredValue('spec.schedule'));
  else checkSchedule(findings, schedule);
  notNegative(findings, 'spec.startingDeadlineSeconds', spec.startingDeadlineSeconds);
  if (typeof spec.timeZone === 'string') checkTimeZone(findings, spec.timeZone);
  requireOneOf(findings, 'spec.concurrencyPolicy', spec.concurrencyPolicy, ['Allow', 'Forbid', 'Replace']);
  const job = fieldsOf(fieldsOf(spec.jobTemplate).spec);
  checkJobSpec(findings, 'spec.jobTemplate.spec', job);
  if (isFields(job.selector)) {
    findings.push(invalidValue('spec.jobTemplate.spec.selector', job.selector, '`selector` will be auto-generated'));
  }
  if (job.manualSelector === true) {
    findings.push(unsupportedValue('spec.jobTemplate.spec.manualSelector', true, ['nil', 'false']));
  }
  notNegative(findings, 'spec.successfulJobsHistoryLimit', spec.successfulJobsHistoryLimit);
  notNegative(findings, 'spec.failedJobsHistoryLimit', spec.failedJobsHistoryLimit);
  const { name = '', resourceVersion } = object.metadata;
  if (resourceVersion === undefined && name.length > longestName) {
    findings.push(invalidValue('metadata.name', name, `must be no more than ${longestName} characters`));
  }
  return findings;
}

function checkSchedule(findings: Findings, schedule: string): void {
  const fault = scheduleFault(schedule);
  if (fault !== undefined) findings.push(invalidValue('spec.schedule', schedule, fault));
  if (schedule.includes('TZ')) {
    const why = 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead';
    findings.push(invalidValue('spec.schedule', schedule, why));
  }
}

/** Of each part of its name between slashes. */
const zonePart = /^(?!\.{1,2}$)[A-Za-z.\-_0-9+]{1,14}$/;

function checkTimeZone(findings: Findings, zone: string): void {
  const path = 'spec.timeZone';
  const unknown = invalidValue(path, zone, `unknown time zone ${zone}`);
  if (zone === '') findings.push(invalidValue(path, zone, 'timeZone must be nil or non-empty string'));
  else if (zone.split('/').some((part) => part.startsWith('-') || !zonePart.test(part))) findings.push(unknown);
  else if (zone.toLowerCase() === 'local') {
    const why = 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones';
    findings.push(invalidValue(path, zone, why));
    // Go knows its own spelling of it.
    if (zone !== 'Local') findings.push(unknown);
  } else if (!isKnownZone(zone)) findings.push(unknown);
}

/** The zones are files to Go: capitals count, and offsets are none. */
function isKnownZone(zone: string): boolean {
  if (/^[+-]/.test(zone)) return false;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions();
    return timeZone === zone || timeZone.toLowerCase() !== zone.toLowerCase();
  } catch {
    return false;
  }
}
