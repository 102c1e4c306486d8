/** Resources of the whole Pod cover what its containers ask for. */
import { compareQuantity, formatQuantity, parseQuantity } from '#kube/quantity/quantity.ts';
import { forbiddenField, invalidValue } from '#kube/status/causes.ts';
import { effectiveAmounts } from '../../defaults/pod-resources.ts';
import { type Fields, fieldsOf, isFields, itemsOf } from '../../value.ts';
import type { Findings } from '../findings.ts';
import { checkPodResourceName, checkRequirements, isHugePages } from '../resources.ts';

export function checkPodResources(findings: Findings, path: string, spec: Fields, claims: ReadonlySet<string>): void {
  const { resources } = spec;
  if (!isFields(resources)) return;
  if (fieldsOf(spec.os).name === 'windows') {
    findings.push(forbiddenField(path, 'may not be set for a windows pod'));
    return;
  }
  if (Array.isArray(resources.claims)) {
    findings.push(forbiddenField(`${path}.claims`, 'claims may not be set for Resources at pod-level'));
  }
  checkRequirements(findings, path, resources, checkPodResourceName, claims);
  checkCovers(findings, path, spec, 'requests', () => true);
  checkCovers(findings, path, spec, 'limits', isHugePages);
  checkContainerLimits(findings, path, spec, fieldsOf(resources.limits));
}

function checkCovers(
  findings: Findings,
  path: string,
  spec: Fields,
  side: 'limits' | 'requests',
  counts: (name: string) => boolean,
): void {
  const given = fieldsOf(fieldsOf(spec.resources)[side]);
  for (const [name, needed] of Object.entries(effectiveAmounts(spec, side))) {
    if (given[name] === undefined || !counts(name)) continue;
    const amount = parseQuantity(given[name] as string);
    if (compareQuantity(needed, amount) <= 0) continue;
    const why = `must be greater than or equal to aggregate container ${side} of ${formatQuantity(needed)}`;
    findings.push(invalidValue(`${path}.${side}[${name}]`, formatQuantity(amount), why));
  }
}

function checkContainerLimits(findings: Findings, path: string, spec: Fields, limits: Fields): void {
  for (const [index, container] of itemsOf(spec.containers).entries()) {
    const own = fieldsOf(fieldsOf(container.resources).limits);
    for (const name in own) {
      if (limits[name] === undefined) continue;
      const amount = parseQuantity(own[name] as string);
      const most = parseQuantity(limits[name] as string);
      if (compareQuantity(amount, most) <= 0) continue;
      const why = `must be less than or equal to pod limits of ${formatQuantity(most)}`;
      findings.push(invalidValue(`${path}.containers[${index}][${name}].limits`, formatQuantity(amount), why));
    }
  }
}
