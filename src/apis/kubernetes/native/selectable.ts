/** Field selectors that kinds offer besides metadata.name and metadata.namespace. */
import type { KubeObject } from '#kube/meta/object.ts';
import { contentOf } from './prepare/preparation.ts';
import { type Fields, fieldsOf, itemsOf, textOf } from './value.ts';

export type SelectableFields = (object: KubeObject) => Readonly<Record<string, string>>;

const specOf = (object: KubeObject): Fields => fieldsOf(contentOf(object).spec);
const statusOf = (object: KubeObject): Fields => fieldsOf(contentOf(object).status);
const numberText = (value: unknown): string => String(typeof value === 'number' ? value : 0);

const pod: SelectableFields = (object) => {
  const spec = specOf(object);
  const status = statusOf(object);
  return {
    'spec.nodeName': textOf(spec.nodeName),
    'spec.restartPolicy': textOf(spec.restartPolicy),
    'spec.schedulerName': textOf(spec.schedulerName),
    'spec.serviceAccountName': textOf(spec.serviceAccountName),
    'spec.hostNetwork': String(spec.hostNetwork === true),
    'status.phase': textOf(status.phase),
    'status.podIP': textOf(fieldsOf(itemsOf(status.podIPs)[0]).ip),
    'status.podIPs': textOf(fieldsOf(itemsOf(status.podIPs)[0]).ip),
    'status.nominatedNodeName': textOf(status.nominatedNodeName),
  };
};

const references = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];

const event: SelectableFields = (object) => {
  const content = contentOf(object);
  const about = fieldsOf(content.involvedObject ?? content.regarding);
  const controller = textOf(content.reportingComponent) || textOf(content.reportingController);
  const component = textOf(fieldsOf(content.source ?? content.deprecatedSource).component);
  return {
    ...Object.fromEntries(references.map((name) => [`involvedObject.${name}`, textOf(about[name])])),
    reason: textOf(content.reason),
    reportingComponent: controller,
    source: component || controller,
    type: textOf(content.type),
  };
};

/** The same under the newer names. */
const groupEvent: SelectableFields = (object) => {
  const fields = event(object);
  const { reason, type, reportingComponent: reportingController } = fields;
  const regarding = references.map((name) => [`regarding.${name}`, fields[`involvedObject.${name}`]!] as const);
  return { ...Object.fromEntries(regarding), reason: reason!, type: type!, reportingController: reportingController! };
};

/** By group and kind. */
export const selectableFields: Readonly<Record<string, SelectableFields>> = {
  '/Pod': pod,
  '/Event': event,
  'events.k8s.io/Event': groupEvent,
  '/Secret': (object) => ({ type: textOf(contentOf(object).type) }),
  '/Namespace': (object) => ({ 'status.phase': textOf(statusOf(object).phase) }),
  '/Node': (object) => ({ 'spec.unschedulable': String(specOf(object).unschedulable === true) }),
  '/Service': (object) => ({
    'spec.clusterIP': textOf(specOf(object).clusterIP),
    'spec.type': textOf(specOf(object).type),
  }),
  '/ReplicationController': (object) => ({ 'status.replicas': numberText(statusOf(object).replicas) }),
  'batch/Job': (object) => ({ 'status.successful': numberText(statusOf(object).succeeded) }),
  'certificates.k8s.io/CertificateSigningRequest': (object) => ({
    'spec.signerName': textOf(specOf(object).signerName),
  }),
  'resource.k8s.io/ResourceSlice': (object) => ({
    'spec.nodeName': textOf(specOf(object).nodeName),
    'spec.driver': textOf(specOf(object).driver),
  }),
};
