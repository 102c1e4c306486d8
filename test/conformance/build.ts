/** Builds what is missing of etcd, kube-apiserver, kube-controller-manager, kubectl and kwok: ordinary Go modules, from go.sum's hashes. */
import { mkdirSync, renameSync } from 'node:fs';
import { start } from '#harness/command.ts';
import {
  type BinaryName,
  binaryPath,
  cacheFolder,
  kubernetesRelease,
  missingBinaries,
  moduleOf,
  packages,
} from '#harness/real-binaries.ts';

/** kube-apiserver serves the release it was linked with, and refuses to emulate one it cannot read. */
function linkerFlags(release: string): string {
  const [major, minor] = release.slice(1).split('.');
  const version = { gitVersion: release, gitMajor: major, gitMinor: minor };
  const set = Object.entries(version).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
  return ['-s', '-w', ...set].join(' ');
}

async function build(name: BinaryName): Promise<void> {
  const target = binaryPath(name);
  console.log(`building ${name} ${kubernetesRelease()}: a quarter of an hour where nothing of it was built before`);
  const go = start(
    'go',
    ['build', '-ldflags', linkerFlags(kubernetesRelease()), '-o', `${target}.new`, packages[name]],
    {
      folder: moduleOf(name),
      // One package after another: whoever works on this machine meanwhile should not notice.
      environment: { GOFLAGS: '-p=1', GOMAXPROCS: '1' },
    },
  );
  const { code, errors } = await go.ended.catch((error: Error) => {
    throw new Error(
      `cannot run go (${error.message}): install Go 1.25 or newer, or leave this to a machine that has it`,
    );
  });
  if (code !== 0) throw new Error(`go build ${packages[name]} failed:\n${errors}`);
  // Only what is whole has its name.
  renameSync(`${target}.new`, target);
}

export async function buildMissing(): Promise<void> {
  mkdirSync(cacheFolder(), { recursive: true });
  for (const name of missingBinaries()) await build(name);
}
