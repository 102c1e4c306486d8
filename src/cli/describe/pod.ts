/** Pods. */
import type { Pod } from '#apis/kubernetes/types.ts';
import { humanDuration } from '#kube/table/duration.ts';
import { nothingThere } from '../output/labels.ts';
import { describeContainers } from './containers.ts';
import { annotationLines, fullTime, pairs } from './metadata.ts';
import type { Page } from './page.ts';
import { describeVolumes, tolerationTexts } from './pod-parts.ts';

export function describePod(page: Page, pod: Pod, now: number): void {
  header(page, pod, now);
  const { spec, status = {} } = pod;
  const { initContainers = [], containers } = spec!;
  const { initContainerStatuses = [], containerStatuses = [], conditions = [] } = status;
  if (initContainers.length > 0)
    describeContainers(page, {
      title: 'Init Containers',
      containers: initContainers,
      statuses: initContainerStatuses,
      inTemplate: false,
    });
  describeContainers(page, { title: 'Containers', containers, statuses: containerStatuses, inTemplate: false });
  if (conditions.length > 0) {
    page.line(0, 'Conditions:');
    page.line(1, 'Type\tStatus');
    for (const condition of conditions) page.line(1, `${condition.type} \t${condition.status} `);
  }
  describeVolumes(page, spec!.volumes);
  page.field(0, 'QoS Class', status.qosClass ?? '');
  page.list(0, 'Node-Selectors', pairs(spec!.nodeSelector));
  page.list(0, 'Tolerations', tolerationTexts(spec!.tolerations));
}

function header(page: Page, { metadata, spec, status = {} }: Pod, now: number): void {
  page.field(0, 'Name', metadata.name ?? '');
  page.field(0, 'Namespace', metadata.namespace ?? '');
  page.fieldIfAny(0, 'Priority', spec!.priority);
  page.fieldIfAny(0, 'Priority Class Name', spec!.priorityClassName);
  page.fieldIfAny(0, 'Service Account', spec!.serviceAccountName);
  page.field(0, 'Node', spec!.nodeName ? `${spec!.nodeName}/${status.hostIP ?? ''}` : nothingThere);
  if (status.startTime) page.field(0, 'Start Time', fullTime(status.startTime));
  page.list(0, 'Labels', pairs(metadata.labels));
  annotationLines(page, 0, 'Annotations', metadata.annotations);
  if (metadata.deletionTimestamp) {
    const lasts = humanDuration(now - Date.parse(metadata.deletionTimestamp));
    page.field(0, 'Status', `Terminating (lasts ${lasts})`);
    page.field(0, 'Termination Grace Period', `${metadata.deletionGracePeriodSeconds ?? 0}s`);
  } else page.field(0, 'Status', status.phase ?? '');
  page.fieldIfAny(0, 'Reason', status.reason);
  page.fieldIfAny(0, 'Message', status.message);
  page.field(0, 'IP', status.podIP ?? '');
  const ips = status.podIPs ?? [];
  page.line(0, ips.length === 0 ? `IPs:\t${nothingThere}` : 'IPs:');
  for (const { ip = '' } of ips) page.field(1, 'IP', ip);
  const controller = metadata.ownerReferences?.find((owner) => owner.controller);
  if (controller) page.field(0, 'Controlled By', `${controller.kind}/${controller.name}`);
}
