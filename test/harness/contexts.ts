/** Clients of our own for a running `up`, from the kubeconfigs it wrote: what a test looks with. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Pod, Pods } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import { httpClient } from '#client/http.ts';
import { mergeKubeconfigs, parseKubeconfig, resolveContext } from '#client/kubeconfig.ts';
import { systemClock } from '#world/clock/system.ts';
import type { Home } from './running-up.ts';

const files = ['karmada.config', 'members.config'];

export function clientOf(home: Home, context: string): ApiClient {
  const configs = files.map((file) => {
    const path = join(home.kubeconfigs, file);
    return parseKubeconfig(readFileSync(path, 'utf8'), path);
  });
  const { access } = resolveContext(mergeKubeconfigs(configs), context);
  return httpClient({ name: context, config: access, clock: systemClock, userAgent: 'test' });
}

/** `namespace/name UID restarts`, one line for each Pod: two are alike when nothing was restarted, replaced or lost. */
export async function podIdentities(member: ApiClient): Promise<readonly string[]> {
  const { items } = await member.resource<Pod>(Pods).list();
  return items
    .map(({ metadata, status }) => {
      const restarts = (status?.containerStatuses ?? []).map(({ restartCount }) => restartCount).join(',');
      return `${metadata.namespace}/${metadata.name} ${metadata.uid} ${restarts}`;
    })
    .sort();
}
