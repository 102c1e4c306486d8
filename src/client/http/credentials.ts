/** Who we are to an API server: certificate, token, token file or a plugin's answer, read when first needed and again when refused or expired. */

import { failure, type StatusError } from '#kube/status/status.ts';
import type { Clock } from '#world/clock/clock.ts';
import { parseTimestamp } from '#world/clock/clock.ts';
import type { Disk } from '#world/disk/disk.ts';
import type { ClusterAccess, ExecPlugin, FileOrData } from '../kubeconfig/access.ts';

/** Runs a program and answers its standard output; rejects when it fails. */
export type RunCommand = (
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
) => Promise<string>;

export interface Credentials {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** `Authorization` and impersonation. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface CredentialSource {
  /** The same value as long as nothing has changed. Throws StatusError naming what cannot be read. */
  readonly current: () => Promise<Credentials>;
  /** They were refused (401): read again what may have changed. */
  readonly refused: () => void;
}

export interface CredentialDoors {
  readonly clock: Clock;
  readonly disk?: Pick<Disk, 'readText'>;
  readonly runCommand?: RunCommand;
}

/** Token files are rotated well before they expire; client-go reads them once a minute. */
const tokenFileMs = 60_000;

interface ExecCredential {
  readonly status?: {
    readonly token?: string;
    readonly clientCertificateData?: string;
    readonly clientKeyData?: string;
    readonly expirationTimestamp?: string;
  };
}

const unreadable = (what: string, why: string): StatusError =>
  failure('Unauthorized', `cannot use the credentials of the kubeconfig: ${what}: ${why}`);

export function credentialSource(access: ClusterAccess, doors: CredentialDoors): CredentialSource {
  const { clock } = doors;
  let cached: Promise<Credentials> | undefined;
  let freshUntil = Number.POSITIVE_INFINITY;

  const load = async (): Promise<Credentials> => {
    const [ca, cert, key] = await Promise.all(
      [access.certificateAuthority, access.clientCertificate, access.clientKey].map((pem) => readPem(pem, doors)),
    );
    freshUntil = Number.POSITIVE_INFINITY;
    const impersonation = impersonationHeaders(access);
    if (access.exec && !access.token && !access.tokenFile && !cert) {
      const { status = {} } = await runPlugin(access.exec, access, ca, doors);
      if (status.expirationTimestamp) freshUntil = parseTimestamp(status.expirationTimestamp);
      const bearer: Readonly<Record<string, string>> = status.token ? { authorization: `Bearer ${status.token}` } : {};
      return {
        ca,
        cert: status.clientCertificateData,
        key: status.clientKeyData,
        headers: { ...bearer, ...impersonation },
      };
    }
    return { ca, cert, key, headers: { ...(await authorization()), ...impersonation } };
  };

  const authorization = async (): Promise<Readonly<Record<string, string>>> => {
    if (access.tokenFile) {
      freshUntil = clock.now() + tokenFileMs;
      return { authorization: `Bearer ${(await readFile(access.tokenFile, doors)).trim()}` };
    }
    if (access.token) return { authorization: `Bearer ${access.token}` };
    if (access.username === undefined) return {};
    const pair = new TextEncoder().encode(`${access.username}:${access.password ?? ''}`);
    return { authorization: `Basic ${pair.toBase64()}` };
  };

  return {
    current: () => {
      if (clock.now() >= freshUntil) cached = undefined;
      cached ??= load().catch((error: unknown) => {
        cached = undefined;
        throw error;
      });
      return cached;
    },
    refused: () => {
      cached = undefined;
    },
  };
}

async function readPem(source: FileOrData | undefined, doors: CredentialDoors): Promise<string | undefined> {
  if (!source) return undefined;
  return 'pem' in source ? source.pem : readFile(source.file, doors);
}

async function readFile(path: string, { disk }: CredentialDoors): Promise<string> {
  if (!disk) throw unreadable(path, 'this process may not read files');
  const text = await disk.readText(path).catch((error: Error) => {
    throw unreadable(path, error.message);
  });
  if (text === undefined) throw unreadable(path, 'no such file');
  return text;
}

function impersonationHeaders({ impersonate }: ClusterAccess): Readonly<Record<string, string>> {
  if (!impersonate) return {};
  const { user, uid, groups } = impersonate;
  return {
    'impersonate-user': user,
    ...(uid ? { 'impersonate-uid': uid } : {}),
    // Several groups are several headers; a list joined by commas is not the same to kube-apiserver.
    ...(groups.length > 0 ? { 'impersonate-group': oneGroup(groups) } : {}),
  };
}

function oneGroup(groups: readonly string[]): string {
  if (groups.length > 1) throw unreadable('as-groups', 'more than one group is not supported');
  return groups[0]!;
}

async function runPlugin(
  plugin: ExecPlugin,
  access: ClusterAccess,
  ca: string | undefined,
  { runCommand }: CredentialDoors,
): Promise<ExecCredential> {
  if (!runCommand) throw unreadable(`exec ${plugin.command}`, 'this process may not run commands');
  const cluster = {
    server: access.server,
    ...(access.tlsServerName ? { 'tls-server-name': access.tlsServerName } : {}),
    ...(access.insecureSkipTlsVerify ? { 'insecure-skip-tls-verify': true } : {}),
    ...(ca ? { 'certificate-authority-data': new TextEncoder().encode(ca).toBase64() } : {}),
  };
  const info = {
    apiVersion: plugin.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(plugin.provideClusterInfo ? { cluster } : {}) },
  };
  const env = Object.fromEntries(plugin.env.map(({ name, value }) => [name, value]));
  const output = await runCommand(plugin.command, plugin.args, {
    ...env,
    KUBERNETES_EXEC_INFO: JSON.stringify(info),
  }).catch((error: Error) => {
    const hint = plugin.installHint ? `\n${plugin.installHint}` : '';
    throw unreadable(`exec ${plugin.command}`, `${error.message}${hint}`);
  });
  try {
    const credential = JSON.parse(output) as ExecCredential & { readonly kind?: string };
    if (credential.kind === 'ExecCredential' && credential.status) return credential;
  } catch {
    // Said below, without the output: it may hold half a credential.
  }
  throw unreadable(`exec ${plugin.command}`, 'it did not print an ExecCredential with a status');
}
