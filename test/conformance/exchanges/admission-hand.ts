/** What scripts about admission have in common: Pods without accounts, cluster-scoped objects, and waiting until a rule holds. */
import type { Anything } from '#harness/kubectl.ts';
import type { Hand } from './hand.ts';

const json = 'application/json';
const merge = 'application/merge-patch+json';

export const pod = (name: string, spec: Anything = {}, container: Anything = {}): Anything => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    automountServiceAccountToken: false,
    containers: [{ name: 'main', image: 'nginx:1.27', ...container }],
    ...spec,
  },
});

export const asking = (name: string, requests: Anything, limits: Anything = {}, spec: Anything = {}): Anything =>
  pod(name, spec, { resources: { requests, limits } });

export interface AdmissionHand {
  /** By path below `/api` or `/apis`; `?…` may follow. */
  readonly post: (path: string, body: Anything, query?: string) => Promise<Anything>;
  readonly put: (path: string, body: Anything) => Promise<Anything>;
  readonly change: (path: string, patch: Anything, query?: string) => Promise<Anything>;
  readonly read: (path: string) => Promise<Anything>;
  readonly remove: (path: string) => Promise<Anything>;
  /** Asks, leaving nothing behind, until the answer has this status: a real server hears of new rules a moment later. */
  readonly until: (status: number, path: string, body: Anything) => Promise<void>;
  /** In the script's own namespace: `pods`, `apps/v1/deployments/web`. */
  readonly within: (path: string) => string;
}

export function admissionHand(hand: Hand): AdmissionHand {
  const said = async (asked: Parameters<Hand['ask']>[0]) => (await hand.ask(asked)).body as Anything;
  return {
    post: (path, body, query = '?fieldManager=creator') =>
      said({ method: 'POST', path: path + query, type: json, body }),
    put: (path, body) => said({ method: 'PUT', path: `${path}?fieldManager=updater`, type: json, body }),
    change: (path, patch, query = '?fieldManager=patcher') =>
      said({ method: 'PATCH', path: path + query, type: merge, body: patch }),
    read: (path) => said({ method: 'GET', path }),
    remove: (path) => said({ method: 'DELETE', path }),
    until: async (status, path, body) => {
      await hand.ask({ method: 'POST', path: `${path}?dryRun=All`, type: json, body, until: status });
    },
    within: (path) => {
      const segments = path.split('/');
      const grouped = segments.length > 2 && /^v\d/.test(segments[1]!);
      const root = grouped ? `/apis/${segments[0]}/${segments[1]}` : '/api/v1';
      return `${root}/namespaces/${hand.namespace}/${grouped ? segments.slice(2).join('/') : path}`;
    },
  };
}

/** Pods need one; no controller makes it here. */
export async function withAccount(hand: Hand): Promise<AdmissionHand> {
  await hand.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } });
  return admissionHand(hand);
}
