/** Where a webhook behind a Service is: as the control plane's own Service says, else by the name it has in its cluster. Pure. */
import type { InterpreterWebhook } from '#apis/config/webhook-configuration.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';

export interface HookAddress {
  /** Absolute, with the query. */
  readonly url: string;
  /** `host:port` to connect to instead of the URL's. */
  readonly dial?: string;
  /** PEM in base64; the machine's roots when absent. */
  readonly caBundle?: string;
}

type Service = NonNullable<InterpreterWebhook['clientConfig']['service']>;

interface ServiceSpec {
  readonly type?: string;
  readonly clusterIP?: string;
  readonly externalName?: string;
  readonly ports?: readonly { readonly port: number }[];
}

/** Finds a Service of the control plane. */
export type FindService = (namespace: string, name: string) => UnstructuredObject | undefined;

const httpsPort = 443;

const withPort = (host: string, port: number) => `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Throws where the Service is there and cannot be called (pkg/resourceinterpreter, serviceresolvers). */
function dialOf(service: UnstructuredObject | undefined, { name, port = httpsPort }: Service): string | undefined {
  if (!service) return undefined;
  const { type = 'ClusterIP', clusterIP = '', externalName = '', ports = [] } = (service.spec ?? {}) as ServiceSpec;
  if (type === 'ExternalName') return withPort(externalName, port);
  if (clusterIP === '' || clusterIP === 'None') throw new Error('cannot route to service with ClusterIP "None"');
  if (!ports.some((each) => each.port === port))
    throw new Error(`no service port ${port} found for service ${JSON.stringify(name)}`);
  return withPort(clusterIP, port);
}

/** A service goes before a URL where an older configuration has both. */
export function addressOf(
  { url, service, caBundle }: InterpreterWebhook['clientConfig'],
  seconds: number,
  find: FindService,
): HookAddress {
  const trust = caBundle ? { caBundle } : {};
  const query = `?timeout=${seconds}s`;
  if (!service) return { url: `${url ?? ''}${query}`, ...trust };
  const { namespace, name, path = '/', port = httpsPort } = service;
  const dial = dialOf(find(namespace, name), service);
  const target = `https://${name}.${namespace}.svc:${port}${path}${query}`;
  return { url: target, ...(dial ? { dial } : {}), ...trust };
}
