/** Finds the sources of Kubernetes' Go modules of one release, where Go keeps what it downloaded. */
import { existsSync, globSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Those whose types an API server serves. */
const modules = ['api', 'apiextensions-apiserver', 'apimachinery', 'kube-aggregator'];

export const moduleCache = (): string =>
  process.env.GOMODCACHE ?? join(process.env.GOPATH?.split(':')[0] ?? join(homedir(), 'go'), 'pkg', 'mod');

/**
 * Every folder with a generated.proto. `release` is Kubernetes' own (`v1.35.3`), whose modules are `v0.35.3`.
 * undefined where a module is missing.
 */
export function protobufFolders(cache: string, release: string): readonly string[] | undefined {
  const version = release.replace(/^v1\./, 'v0.');
  const roots = modules.map((name) => join(cache, 'k8s.io', `${name}@${version}`));
  if (!roots.every((root) => existsSync(root))) return undefined;
  return roots.flatMap((root) =>
    globSync('**/generated.proto', { cwd: root })
      .sort()
      .map((path) => dirname(join(root, path))),
  );
}
