/** `/version`: the Kubernetes release this server answers as, which clients read features from. */
import type { JsonObject } from '#kube/meta/object.ts';

/** `release`: `v1.35.3`. `platform`: `linux/amd64`. */
export function versionDocument(release: string, platform: string): JsonObject {
  const [major = '', minor = ''] = release.replace(/^v/, '').split('.');
  return {
    major,
    minor,
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMajor: major,
    minCompatibilityMinor: String(Number(minor) - 1),
    gitVersion: release,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: '',
    compiler: 'flotilla',
    platform,
  };
}
