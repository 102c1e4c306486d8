/** What a client needs to reach one cluster as one user, taken from a kubeconfig's cluster and user. */
import { dirname, isAbsolute, join } from 'node:path';
import type { JsonObject } from '#kube/meta/object.ts';
import { flagField, isMapping, type KubeconfigEntry, KubeconfigError, textField } from './entries.ts';

/** PEM text itself, or the absolute path of the file that holds it. */
export type FileOrData = { readonly pem: string } | { readonly file: string };

/** A command that prints an ExecCredential (client.authentication.k8s.io). */
export interface ExecPlugin {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly installHint?: string;
  /** The plugin is told of the cluster through KUBERNETES_EXEC_INFO. */
  readonly provideClusterInfo: boolean;
}

export interface ClusterAccess {
  /** `https://host:port`, perhaps with a path; no slash at the end. */
  readonly server: string;
  readonly certificateAuthority?: FileOrData;
  readonly insecureSkipTlsVerify?: boolean;
  readonly tlsServerName?: string;
  readonly clientCertificate?: FileOrData;
  readonly clientKey?: FileOrData;
  readonly token?: string;
  /** Read again from time to time: such tokens are rotated. Goes before `token`. */
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly exec?: ExecPlugin;
  readonly impersonate?: { readonly user: string; readonly groups: readonly string[]; readonly uid?: string };
}

/** Throws KubeconfigError naming the file and what is wrong or not supported. */
export function clusterAccess(cluster: KubeconfigEntry, user: KubeconfigEntry | undefined): ClusterAccess {
  const access = { ...serverPart(cluster), ...(user ? userPart(user) : {}) };
  if (access.insecureSkipTlsVerify && access.certificateAuthority) {
    throw new KubeconfigError(
      cluster.file,
      `cluster "${cluster.name}" sets both insecure-skip-tls-verify and a certificate authority: remove one`,
    );
  }
  return access;
}

function serverPart({ name, file, fields }: KubeconfigEntry): ClusterAccess {
  const server = textField(fields, 'server', file);
  if (!server) throw new KubeconfigError(file, `cluster "${name}" has no server`);
  if (!URL.canParse(server) || !/^https?:/.test(server)) {
    throw new KubeconfigError(file, `server of cluster "${name}" is not an http(s) URL: ${server}`);
  }
  if (textField(fields, 'proxy-url', file)) {
    throw new KubeconfigError(
      file,
      `cluster "${name}" sets proxy-url, which is not supported: give a directly reachable server`,
    );
  }
  return withoutUndefined({
    server: server.replace(/\/+$/, ''),
    certificateAuthority: pemField(fields, 'certificate-authority', file),
    insecureSkipTlsVerify: flagField(fields, 'insecure-skip-tls-verify', file) || undefined,
    tlsServerName: textField(fields, 'tls-server-name', file),
  });
}

function userPart({ name, file, fields }: KubeconfigEntry): Omit<ClusterAccess, 'server'> {
  if (fields['auth-provider'] !== undefined) {
    throw new KubeconfigError(
      file,
      `user "${name}" uses auth-provider, which Kubernetes removed in 1.26: use exec instead`,
    );
  }
  const clientCertificate = pemField(fields, 'client-certificate', file);
  const clientKey = pemField(fields, 'client-key', file);
  if ((clientCertificate === undefined) !== (clientKey === undefined)) {
    throw new KubeconfigError(
      file,
      `user "${name}" has only one of client-certificate and client-key: both are needed`,
    );
  }
  const tokenFile = textField(fields, 'tokenFile', file);
  return withoutUndefined({
    clientCertificate,
    clientKey,
    token: textField(fields, 'token', file),
    tokenFile: tokenFile && pathFrom(file, tokenFile),
    username: textField(fields, 'username', file),
    password: textField(fields, 'password', file),
    exec: execPart(name, file, fields),
    impersonate: impersonatePart(file, fields),
  });
}

function execPart(name: string, file: string, fields: JsonObject): ExecPlugin | undefined {
  const exec = fields.exec;
  if (exec === undefined || exec === null) return undefined;
  if (!isMapping(exec)) throw new KubeconfigError(file, `exec of user "${name}" must be a mapping`);
  const command = textField(exec, 'command', file);
  const apiVersion = textField(exec, 'apiVersion', file);
  if (!command) throw new KubeconfigError(file, `exec of user "${name}" has no command`);
  if (!apiVersion) throw new KubeconfigError(file, `exec of user "${name}" has no apiVersion`);
  const env = listOf(exec.env).filter(isMapping);
  // As client-go: a command with a slash is a path from the kubeconfig's folder, any other is looked up in PATH.
  return withoutUndefined({
    apiVersion,
    command: command.includes('/') ? pathFrom(file, command) : command,
    args: textsOf(exec.args, 'args', file),
    env: env.map((each) => ({
      name: textField(each, 'name', file) ?? '',
      value: textField(each, 'value', file) ?? '',
    })),
    installHint: textField(exec, 'installHint', file),
    provideClusterInfo: flagField(exec, 'provideClusterInfo', file),
  });
}

function impersonatePart(file: string, fields: JsonObject): ClusterAccess['impersonate'] {
  const user = textField(fields, 'as', file);
  if (!user) return undefined;
  return withoutUndefined({
    user,
    groups: textsOf(fields['as-groups'], 'as-groups', file),
    uid: textField(fields, 'as-uid', file),
  });
}

/** `<field>-data` holds the PEM in base64 and goes before `<field>`, a path. */
function pemField(fields: JsonObject, field: string, file: string): FileOrData | undefined {
  const data = textField(fields, `${field}-data`, file);
  if (data !== undefined) return { pem: decodeBase64(data, `${field}-data`, file) };
  const path = textField(fields, field, file);
  return path === undefined ? undefined : { file: pathFrom(file, path) };
}

function decodeBase64(text: string, field: string, file: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.fromBase64(text));
  } catch {
    throw new KubeconfigError(file, `${field} is not base64`);
  }
}

const pathFrom = (file: string, path: string) => (isAbsolute(path) ? path : join(dirname(file), path));

function textsOf(value: JsonObject[string], field: string, file: string): readonly string[] {
  return listOf(value).map((each) => {
    if (typeof each !== 'string') throw new KubeconfigError(file, `${field} must be a list of texts`);
    return each;
  });
}

const listOf = (value: JsonObject[string]): readonly JsonObject[string][] => (Array.isArray(value) ? value : []);

function withoutUndefined<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
