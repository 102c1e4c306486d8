/** Who else writes what is taken over: releases and applications of deployment tools, told by their marks. Pure. */
import type { KubeObject } from '#kube/meta/object.ts';

interface Pipeline {
  /** `Helm release shop/web` */
  readonly title: string;
  readonly advice: string;
}

const keyed = (namespace: string | undefined, name: string): string => (namespace ? `${namespace}/${name}` : name);

const helmAdvice =
  "point its next 'helm upgrade' at the control plane; until then both write the same fields, and 'helm uninstall' deletes them in the cluster";
const syncAdvice = (tool: string) =>
  `${tool} would set back what the control plane changes: let it deploy to the control plane instead, without pruning what it no longer finds here`;

function helm({ metadata: { labels = {}, annotations = {} } }: KubeObject): Pipeline | undefined {
  const name = annotations['meta.helm.sh/release-name'];
  if (name === undefined || labels['app.kubernetes.io/managed-by'] !== 'Helm') return undefined;
  return { title: `Helm release ${keyed(annotations['meta.helm.sh/release-namespace'], name)}`, advice: helmAdvice };
}

/** By its tracking annotation (`APP:GROUP/KIND:NAMESPACE/NAME`), the default, or the label of older installations. */
function argo({ metadata: { labels = {}, annotations = {} } }: KubeObject): Pipeline | undefined {
  const tracked = annotations['argocd.argoproj.io/tracking-id']?.split(':')[0];
  const name = tracked ?? labels['argocd.argoproj.io/instance'];
  return name ? { title: `Argo CD application ${name}`, advice: syncAdvice('Argo CD') } : undefined;
}

const fluxKinds = [
  ['kustomize.toolkit.fluxcd.io', 'Flux Kustomization'],
  ['helm.toolkit.fluxcd.io', 'Flux HelmRelease'],
] as const;

function flux({ metadata: { labels = {} } }: KubeObject): Pipeline | undefined {
  for (const [group, kind] of fluxKinds) {
    const name = labels[`${group}/name`];
    if (name) return { title: `${kind} ${keyed(labels[`${group}/namespace`], name)}`, advice: syncAdvice('Flux') };
  }
  return undefined;
}

/** A tool that uses Helm has its own marks too, and is the one to be told. */
const pipelineOf = (object: KubeObject): Pipeline | undefined => flux(object) ?? argo(object) ?? helm(object);

/** A line for each, with how many of the objects are its. */
export function pipelineNotes(objects: readonly KubeObject[]): readonly string[] {
  const found = new Map<string, { readonly advice: string; count: number }>();
  for (const object of objects) {
    const pipeline = pipelineOf(object);
    if (!pipeline) continue;
    const { title, advice } = pipeline;
    found.set(title, { advice, count: (found.get(title)?.count ?? 0) + 1 });
  }
  return [...found].map(([title, { advice, count }]) => `${title} has ${count} of these: ${advice}`).sort();
}
