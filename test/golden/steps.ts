/** What had been done before each golden folder was written, as the README beside them says. */

import type { ApiClient } from '#client/api-client.ts';
import { type Anything, type Kubectl, kubectl } from '#harness/kubectl.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { parseYamlDocuments } from '#kube/yaml/yaml.ts';
import {
  applicationPolicy,
  applicationPolicyPreserving,
  deploymentsAndServices,
  migratePolicy,
  nginxApplication,
  nginxAppPolicy,
} from '../e2e/seeds/manifests.ts';

export interface Hands {
  readonly control: Kubectl;
  readonly member1: Kubectl;
  readonly member2: Kubectl;
}

export const handsOf = (client: (cluster: string) => ApiClient): Hands => ({
  control: kubectl(client('karmada-apiserver')),
  member1: kubectl(client('member1')),
  member2: kubectl(client('member2')),
});

const read = (text: string): readonly Anything[] =>
  parseYamlDocuments(text).map((document) => {
    const object = document as unknown as KubeObject;
    return { ...object, metadata: { namespace: 'default', ...object.metadata } };
  });

async function apply(on: Kubectl, text: string): Promise<void> {
  for (const object of read(text)) await on.apply(object);
}

async function remove(on: Kubectl, text: string): Promise<void> {
  for (const object of read(text)) await on.delete(object);
}

export interface Step {
  /** The folder's name. */
  readonly name: string;
  readonly does: (hands: Hands) => Promise<void>;
}

const preserving = nginxAppPolicy.replace('  placement:', '  preserveResourcesOnDeletion: true\n  placement:');
const aborting = applicationPolicy.replace('  conflictResolution: Overwrite\n', '');

export const steps: readonly Step[] = [
  { name: '00-preset', does: ({ member1 }) => apply(member1, deploymentsAndServices) },
  { name: '01-templates', does: ({ control }) => apply(control, deploymentsAndServices) },
  { name: '02-migrated', does: ({ control }) => apply(control, migratePolicy) },
  { name: '03-preempted', does: ({ control }) => apply(control, nginxAppPolicy) },
  { name: '04-preserve-set', does: ({ control }) => apply(control, preserving) },
  { name: '05-templates-deleted', does: ({ control }) => remove(control, deploymentsAndServices) },
  {
    name: '06-policies-deleted',
    does: async ({ control }) => {
      await remove(control, nginxAppPolicy);
      await remove(control, migratePolicy);
    },
  },
  {
    name: '10-eg3-preset',
    does: async ({ member1, member2 }) => {
      await remove(member1, deploymentsAndServices);
      await remove(member2, deploymentsAndServices);
      await apply(member1, nginxApplication);
    },
  },
  {
    name: '11-eg3-migrated',
    does: async ({ control }) => {
      await apply(control, nginxApplication);
      await apply(control, applicationPolicy);
    },
  },
  { name: '12-eg3-preserve', does: ({ control }) => apply(control, applicationPolicyPreserving) },
  { name: '13-eg3-rolledback', does: ({ control }) => remove(control, nginxApplication) },
  {
    name: '20-conflict-abort',
    does: async ({ control, member1 }) => {
      await remove(control, applicationPolicy);
      await remove(member1, nginxApplication);
      await apply(member1, nginxApplication);
      await apply(control, nginxApplication);
      await apply(control, aborting);
    },
  },
  {
    name: '21-conflict-deleted',
    does: async ({ control }) => {
      await remove(control, nginxApplication);
      await remove(control, aborting);
    },
  },
];
