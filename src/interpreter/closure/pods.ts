/** The Pods a template makes, as far as others choose them: their labels, and the account they run as. */
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { type Fields, fieldsOf } from './objects.ts';

export interface Pods {
  readonly labels: Readonly<Record<string, string>>;
  readonly account: string;
}

/** Where Pods are described: in the object itself, in a Job's template, or, for most and for custom kinds, in theirs. */
function templateOf({ apiVersion, kind, metadata, spec }: UnstructuredObject): Fields | undefined {
  if (apiVersion === 'v1' && kind === 'Pod') return { metadata, spec };
  const fields = kind === 'CronJob' ? fieldsOf(fieldsOf(fieldsOf(spec).jobTemplate).spec) : fieldsOf(spec);
  const template = fieldsOf(fields.template);
  return Array.isArray(fieldsOf(template.spec).containers) ? template : undefined;
}

/** Undefined when the kind makes no Pods that can be told. */
export function podsOf(object: UnstructuredObject): Pods | undefined {
  const template = templateOf(object);
  if (!template) return undefined;
  const { serviceAccountName } = fieldsOf(template.spec);
  return {
    labels: fieldsOf(fieldsOf(template.metadata).labels) as Pods['labels'],
    account: typeof serviceAccountName === 'string' && serviceAccountName !== '' ? serviceAccountName : 'default',
  };
}
