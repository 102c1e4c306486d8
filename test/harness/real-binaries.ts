/** The real kube-apiserver, what it needs and what is run on it, built by `npm run test:conformance` into a cache outside the clone. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { root } from './program.ts';

export const moduleFolder = join(root, 'test', 'conformance');

/** By the name of the binary: the Go package it is built from. */
export const packages = {
  etcd: 'go.etcd.io/etcd/server/v3',
  'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
  'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
  kubectl: 'k8s.io/kubernetes/cmd/kubectl',
  kwok: 'sigs.k8s.io/kwok/cmd/kwok',
} as const;

export type BinaryName = keyof typeof packages;

/** kwok is built with the versions it asks for itself. */
export const moduleOf = (name: BinaryName): string => (name === 'kwok' ? join(moduleFolder, 'kwok') : moduleFolder);

/** `v1.35.3`: what test/conformance/go.mod asks for. */
export function kubernetesRelease(): string {
  const required = /k8s\.io\/kubernetes (v[\d.]+)/.exec(readFileSync(join(moduleFolder, 'go.mod'), 'utf8'));
  if (!required) throw new Error('test/conformance/go.mod names no release of k8s.io/kubernetes');
  return required[1]!;
}

/** Where the binaries of this release are or will be; FLOTILLA_CONFORMANCE_CACHE names another place. */
export function cacheFolder(): string {
  const cache = process.env.FLOTILLA_CONFORMANCE_CACHE ?? join(homedir(), '.cache', 'flotilla', 'conformance');
  return join(cache, kubernetesRelease());
}

export const binaryPath = (name: BinaryName): string => join(cacheFolder(), name);

export const missingBinaries = (): readonly BinaryName[] =>
  (Object.keys(packages) as BinaryName[]).filter((name) => !existsSync(binaryPath(name)));

/**
 * Those that a test has to do without: all of them, unless `npm run test:conformance` is under way. `npm test` takes as
 * long, and proves as much, on a machine that has them as on any other: it holds the recordings against our server.
 */
export const absentBinaries = (): readonly BinaryName[] =>
  process.env.FLOTILLA_CONFORMANCE === undefined && process.env.FLOTILLA_RECORD === undefined
    ? (Object.keys(packages) as BinaryName[])
    : missingBinaries();
