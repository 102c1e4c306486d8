/**
 * `/openapi/v2`, for what kubectl still looks up there: kinds that can only be created have no PATCH in OpenAPI v3, so
 * it asks here whether the server validates fields. A document that describes nothing answers that it should let them
 * pass; everything else it reads from v3.
 */
import type { RawResponse } from '#kube/request/request.ts';
import { parseAccept } from '../http/accept.ts';

const protobufTypes = new Set([
  'application/com.github.proto-openapi.spec.v2@v1.0+protobuf',
  'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
]);

/** A length-delimited field of fewer than 128 bytes. */
const field = (number: number, content: string) => String.fromCharCode((number << 3) | 2, content.length) + content;

/** gnostic's openapi.v2.Document: swagger = 1, info = 2 (title = 1, version = 2), paths = 8. */
const protobuf = (release: string) =>
  field(1, '2.0') + field(2, field(1, 'Kubernetes') + field(2, release)) + field(8, '');

export function openApiV2(release: string): (accept: string | undefined) => RawResponse {
  const document = { swagger: '2.0', info: { title: 'Kubernetes', version: release }, paths: {}, definitions: {} };
  const headers = { vary: 'Accept' };
  return (accept) => {
    const [first] = parseAccept(accept ?? '*/*');
    if (!first || !protobufTypes.has(first.type))
      return { code: 200, contentType: 'application/json', body: document, headers };
    const contentType = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
    return { code: 200, contentType, body: protobuf(release), headers };
  };
}
