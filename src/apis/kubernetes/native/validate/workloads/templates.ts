/** Pod templates, and the selectors that find what was made of them. */
import { forbiddenField, invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import { type Fields, fieldsOf, isFields, itemsOf, textOf } from '../../value.ts';
import type { Findings } from '../findings.ts';
import {
  checkAnnotations,
  checkLabelSelector,
  checkLabels,
  isEmptySelector,
  selects,
  shownMap,
  shownSelector,
} from '../labels.ts';
import { checkPodSpec } from '../pods/spec.ts';

export function checkTemplate(findings: Findings, path: string, template: Fields): void {
  const metadata = fieldsOf(template.metadata);
  const spec = fieldsOf(template.spec);
  checkLabels(findings, `${path}.labels`, metadata.labels);
  checkAnnotations(findings, `${path}.annotations`, metadata.annotations);
  checkPodSpec(findings, `${path}.spec`, spec, '');
  if (itemsOf(spec.ephemeralContainers).length > 0) {
    findings.push(
      forbiddenField(`${path}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template'),
    );
  }
}

/** A template of Pods that run until somebody stops them. `kind` is how the texts name the controller. */
export function checkLastingTemplate(findings: Findings, path: string, template: Fields, kind: string): void {
  checkTemplate(findings, path, template);
  checkLasting(findings, `${path}.spec`, template, kind);
}

export function checkLasting(findings: Findings, path: string, template: Fields, kind: string): void {
  const spec = fieldsOf(template.spec);
  if (spec.restartPolicy !== 'Always') {
    findings.push(unsupportedValue(`${path}.restartPolicy`, textOf(spec.restartPolicy), ['Always']));
  }
  if (spec.activeDeadlineSeconds !== undefined) {
    const why = `activeDeadlineSeconds in ${kind} is not Supported`;
    findings.push(forbiddenField(`${path}.activeDeadlineSeconds`, why));
  }
}

/** Required, valid, and not empty: a controller that selects everything adopts everything. Answers whether it is valid. */
export function checkSelector(findings: Findings, spec: Fields, kind: string): boolean {
  const { selector } = spec;
  if (!isFields(selector)) {
    findings.push(requiredValue('spec.selector'));
    return true;
  }
  const before = findings.length;
  checkLabelSelector(findings, 'spec.selector', selector);
  const valid = findings.length === before;
  if (isEmptySelector(selector)) {
    findings.push(invalidValue('spec.selector', shownSelector(selector), `empty selector is invalid for ${kind}`));
  }
  return valid;
}

/** No selector selects nothing, not even the template's labels. */
export function checkSelected(findings: Findings, path: string, selector: unknown, template: Fields): void {
  const { labels } = fieldsOf(template.metadata);
  if (isFields(selector) && selects(selector, labels)) return;
  const why = '`selector` does not match template `labels`';
  findings.push(invalidValue(`${path}.metadata.labels`, shownMap(labels), why));
}
