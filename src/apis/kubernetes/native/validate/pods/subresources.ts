/** What may change in a Pod through its subresources: debug containers are only added, containers only resized. */
import type { KubeObject } from '#kube/meta/object.ts';
import { forbiddenField, invalidValue } from '#kube/status/causes.ts';
import { describeDifferences } from '../../differences.ts';
import { contentOf } from '../../prepare/preparation.ts';
import { qosClass } from '../../prepare/qos.ts';
import { type Fields, fieldsOf, itemsOf, sameValue, withField } from '../../value.ts';
import type { Findings } from '../findings.ts';

const specOf = (pod: KubeObject): Fields => fieldsOf(contentOf(pod).spec);

export function validateEphemeralContainers(pod: KubeObject, old: KubeObject): Findings {
  const findings: Findings = [];
  const path = 'spec.ephemeralContainers';
  const now = itemsOf(specOf(pod).ephemeralContainers);
  for (const before of itemsOf(specOf(old).ephemeralContainers)) {
    const after = now.find(({ name }) => name === before.name);
    const which = `existing ephemeral containers ${JSON.stringify(before.name)}`;
    if (!after) findings.push(forbiddenField(path, `${which} may not be removed\n`));
    else if (!sameValue(before, after)) {
      findings.push(forbiddenField(path, `${which} may not be changed${describeDifferences(before, after, path)}`));
    }
  }
  return findings;
}

const removed = (after: Fields, before: Fields): boolean =>
  Object.keys(before).some((name) => after[name] === undefined);

function checkKept(findings: Findings, path: string, after: Fields, before: Fields): void {
  for (const part of ['requests', 'limits']) {
    const [now, then] = [fieldsOf(fieldsOf(after.resources)[part]), fieldsOf(fieldsOf(before.resources)[part])];
    if (!removed(now, then)) continue;
    findings.push(forbiddenField(`${path}.resources.${part}`, `resource ${part} cannot be removed`));
  }
}

const resizable = ['cpu', 'memory'];

/** The container with what may be resized as it was. */
function comparable(container: Fields, before: Fields): Fields {
  let resources = fieldsOf(container.resources);
  for (const part of ['requests', 'limits']) {
    let amounts = fieldsOf(resources[part]);
    for (const name of resizable) amounts = withField(amounts, name, fieldsOf(fieldsOf(before.resources)[part])[name]);
    resources = withField(resources, part, Object.keys(amounts).length > 0 ? amounts : undefined);
  }
  return { ...container, resources };
}

export function validateResize(pod: KubeObject, old: KubeObject): Findings {
  const findings: Findings = [];
  const [spec, before] = [specOf(pod), specOf(old)];
  if (qosClass(spec) !== qosClass(before)) {
    const { qosClass: told } = fieldsOf(contentOf(pod).status);
    findings.push(invalidValue('spec', told ?? '', 'Pod QOS Class may not change as a result of resizing'));
  }
  const containers = itemsOf(spec.containers);
  for (const [index, then] of itemsOf(before.initContainers).entries()) {
    if (then.restartPolicy !== 'Always') continue;
    checkKept(findings, `spec.initContainers[${index}]`, itemsOf(spec.initContainers)[index] ?? {}, then);
  }
  const olds = itemsOf(before.containers);
  for (const [index, then] of olds.entries())
    checkKept(findings, `spec.containers[${index}]`, containers[index]!, then);
  if (olds.some((then, index) => !sameValue(comparable(containers[index]!, then), comparable(then, then)))) {
    findings.push(forbiddenField('spec', 'only cpu and memory resources are mutable'));
  }
  return findings;
}
