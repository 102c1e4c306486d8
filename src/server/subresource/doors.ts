/** Subresources of single kinds that change one part of the object. */
import { validateEphemeralContainers, validateResize } from '#apis/kubernetes/native/validate/pods/subresources.ts';
import type { JsonObject, KubeObject } from '#kube/meta/object.ts';
import { fieldsOf } from '../registry/context.ts';
import { withField } from '../registry/metadata.ts';
import type { Door } from '../registry/write/door.ts';

const specOf = (object: KubeObject): JsonObject => (fieldsOf(object).spec ?? {}) as JsonObject;
const statusOf = (object: KubeObject): JsonObject => (fieldsOf(object).status ?? {}) as JsonObject;

/** Only one field of the spec is taken from what was sent. */
function specField(subresource: string, field: string): Door {
  return {
    subresource,
    merge: (_, sent, old) => {
      const value = specOf(sent)[field];
      const spec: Record<string, unknown> = { ...specOf(old) };
      if (value === undefined) delete spec[field];
      else spec[field] = value;
      return withField(old, 'spec', spec);
    },
    countsGeneration: false,
    validatesTransitions: false,
  };
}

/** namespaces/finalize: the namespace controller says that its namespace is empty. */
export const finalizeDoor: Door = specField('finalize', 'finalizers');

/** pods/ephemeralcontainers: `kubectl debug`. */
export const ephemeralContainersDoor: Door = {
  ...specField('ephemeralcontainers', 'ephemeralContainers'),
  countsGeneration: true,
  validateChange: validateEphemeralContainers,
};

interface Container {
  readonly name?: string;
  readonly resources?: unknown;
  readonly resizePolicy?: unknown;
}

/** Containers are matched by name; the sent ones give their resources only. */
function resized(sent: unknown, old: unknown): unknown {
  if (!Array.isArray(sent) || !Array.isArray(old)) return old;
  return (old as readonly Container[]).map((container) => {
    const wanted = (sent as readonly Container[]).find(({ name }) => name === container.name);
    if (!wanted) return container;
    const { resources, resizePolicy } = wanted;
    return {
      ...container,
      ...(resources === undefined ? {} : { resources }),
      ...(resizePolicy === undefined ? {} : { resizePolicy }),
    };
  });
}

/** pods/resize: other resources for running containers. */
export const resizeDoor: Door = {
  subresource: 'resize',
  merge: (_, sent, old) => {
    const before = specOf(old);
    const containers = resized(specOf(sent).containers, before.containers);
    const initContainers = resized(specOf(sent).initContainers, before.initContainers);
    return withField(old, 'spec', {
      ...before,
      containers,
      ...(initContainers === undefined ? {} : { initContainers }),
    });
  },
  countsGeneration: true,
  validatesTransitions: false,
  validateChange: validateResize,
};

/** certificatesigningrequests/approval: the conditions, nothing else of the status, and the metadata. */
export const approvalDoor: Door = {
  subresource: 'approval',
  merge: (_, sent, old) => {
    const { conditions } = statusOf(sent);
    const { conditions: _before, ...status } = statusOf(old);
    const whole = { ...status, ...(conditions === undefined ? {} : { conditions }) };
    return withField(withField(sent, 'spec', specOf(old)), 'status', whole);
  },
  countsGeneration: false,
  validatesTransitions: false,
};
