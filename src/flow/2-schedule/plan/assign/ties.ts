/** Which way equal claims to a replica fall: by the template, so that over many templates they fall evenly. */
import { fnv1a32 } from '#kube/names/hash.ts';
import type { Scheduling } from '../scheduling.ts';

/** By name descending, instead of ascending. */
export const tiesDescend = ({ spec }: Scheduling): boolean => fnv1a32(spec.resource.uid ?? '') % 2 === 1;
