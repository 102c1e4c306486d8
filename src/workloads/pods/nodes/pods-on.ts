/** Pods by their node. */
import type { Pod } from '#apis/kubernetes/types.ts';
import type { Indexer, Informer } from '#client/informer/informer.ts';

const index = 'node';
const byNode: Indexer<Pod> = ({ spec }) => (spec.nodeName ? [spec.nodeName] : []);

export const indexByNode = (pods: Informer<Pod>): void => pods.addIndex(index, byNode);

export const podsOn = (pods: Informer<Pod>, node: string): readonly Pod[] => pods.byIndex(index, node);
