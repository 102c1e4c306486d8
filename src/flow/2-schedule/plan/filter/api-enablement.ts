/**
 * APIEnablement: the cluster serves the template's kind. Where it is placed already, a report that lacks it is not
 * believed; and a kind whose definition comes along is served once it has come.
 */
import { kindKey } from '../fleet.ts';
import type { Plugin } from '../plugin.ts';

export const apiEnablement: Plugin = {
  filter: ({ input: { bringsDefinition }, spec: { resource }, held }) => {
    if (bringsDefinition) return undefined;
    const wanted = kindKey(resource.apiVersion, resource.kind);
    return ({ name, serves }) =>
      serves(wanted) || held.has(name) ? undefined : 'cluster(s) did not have the API resource';
  },
};
