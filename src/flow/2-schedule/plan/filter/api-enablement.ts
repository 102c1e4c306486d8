/** APIEnablement: the cluster serves the template's kind. Where it is placed already, a report that lacks it is not believed. */
import { kindKey } from '../fleet.ts';
import type { Plugin } from '../plugin.ts';

export const apiEnablement: Plugin = {
  name: 'APIEnablement',
  filter: ({ spec: { resource }, held }) => {
    const wanted = kindKey(resource.apiVersion, resource.kind);
    return ({ name, kinds }) =>
      kinds.has(wanted) || held.has(name) ? undefined : 'cluster(s) did not have the API resource';
  },
};
