/** GET requests by path, in whatever form the server is asked for: failures become StatusErrors. */

import type { ApiClient } from '#client/api-client.ts';
import { queryText, resourcePath } from '#client/http/paths.ts';
import type { ResourceRef } from '#kube/meta/kind.ts';
import type { JsonValue } from '#kube/meta/object.ts';
import { serviceUnavailable } from '#kube/status/errors.ts';
import { failure, type Status, StatusError } from '#kube/status/status.ts';

export interface TableQuery {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly resourceVersion?: string;
  readonly watch?: boolean;
  /** Rows carry whole objects: to sort by any field. */
  readonly includeObject?: 'Object';
}

/** What kubectl asks for: a Table where the server makes them. */
export const tableForm = ['v1', 'v1beta1']
  .map((version) => `application/json;as=Table;v=${version};g=meta.k8s.io`)
  .concat('application/json')
  .join(',');

export const tablePath = (
  resource: ResourceRef,
  key: { readonly namespace?: string; readonly name?: string },
  query: TableQuery,
): string => resourcePath(resource, key) + queryText({ ...query });

/** Of an answer that is no Status, this much is worth showing. */
const mostShown = 200;

/** The answer's JSON. Throws StatusError. */
export async function getJson(client: ApiClient, path: string, accept: string): Promise<JsonValue> {
  const { code, body: answered } = await client.raw(path, accept);
  const body = code < 400 && typeof answered === 'string' ? parsed(answered) : answered;
  if (code < 400 && typeof body !== 'string' && !(body instanceof Uint8Array)) return body;
  if (typeof body === 'object' && (body as { readonly kind?: string } | null)?.kind === 'Status')
    throw new StatusError(body as unknown as Status);
  if (code === 404) throw failure('NotFound', `${client.name} does not serve ${path}`);
  throw serviceUnavailable(`${client.name} answered ${path} with ${code}: ${JSON.stringify(body).slice(0, mostShown)}`);
}

/** A kube-apiserver calls its list of OpenAPI documents plain text, which is JSON all the same. */
function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
