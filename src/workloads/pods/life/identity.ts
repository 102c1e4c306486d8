/** Names a container runtime would give: the same for the same run of the same container, in any process. */
import type { Pod } from '#apis/kubernetes/types.ts';
import { sha256 } from '#world/certificates/digest.ts';

export const containerId = ({ metadata }: Pod, container: string, restarts: number): string =>
  `simulated://${metadata.uid}/${container}/${restarts}`;

/** Clusters run few different images; 1,000 at about 300 bytes are at most 300 kB. Full: it starts anew. */
const mostImages = 1_000;
const images = new Map<string, string>();

/** By repository and digest, as a registry would answer. */
export function imageId(image: string): string {
  let id = images.get(image);
  if (id === undefined) {
    if (images.size >= mostImages) images.clear();
    id = image.includes('@') ? image : `${repositoryOf(image)}@sha256:${sha256(image).toString('hex')}`;
    images.set(image, id);
  }
  return id;
}

/** Without the tag: what follows a colon after the last slash. */
const repositoryOf = (image: string): string => image.replace(/:[^:/]+$/, '');
