/** Operations of paths that belong to no kind: discovery, the version, the issuer of tokens. */
import { capital, groupTag, metaPrefix, rootOf, versionTag, versionWords } from './names.ts';
import { type Operation, objectTypes, type PathOperations } from './operations.ts';

const json = ['application/json'];

function get(id: string, tag: string, answer: string, consumes: readonly string[] = objectTypes, produces = consumes) {
  const operation: Operation = { method: 'get', id, tag, parameters: [], consumes, produces, answers: { 200: answer } };
  return [operation];
}

export const versionPath: PathOperations = {
  path: '/version/',
  operations: get('getCodeVersion', 'version', 'io.k8s.apimachinery.pkg.version.Info', json),
};

export const issuerPath: PathOperations = {
  path: '/.well-known/openid-configuration/',
  operations: get('getServiceAccountIssuerOpenIDConfiguration', 'WellKnown', '', [], json),
};

export const keysPath: PathOperations = {
  path: '/openid/v1/jwks/',
  operations: get('getServiceAccountIssuerOpenIDKeyset', 'openid', '', [], ['application/jwk-set+json']),
};

export const coreVersionsPath: PathOperations = {
  path: '/api/',
  operations: get('getCoreAPIVersions', 'core', `${metaPrefix}APIVersions`),
};

export const groupsPath: PathOperations = {
  path: '/apis/',
  operations: get('getAPIVersions', 'apis', `${metaPrefix}APIGroupList`),
};

export const groupPath = (group: string): PathOperations => ({
  path: `/apis/${group}/`,
  operations: get(`get${capital(groupTag(group))}APIGroup`, groupTag(group), `${metaPrefix}APIGroup`),
});

export const resourcesPath = (group: string, version: string): PathOperations => ({
  path: `${rootOf(group, version)}/`,
  operations: get(
    `get${versionWords(group, version)}APIResources`,
    versionTag(group, version),
    `${metaPrefix}APIResourceList`,
  ),
});
