/** Answers on the wire: headers every answer has, objects, Status for failures, and non-resource documents. */
import type { JsonValue, KubeObject } from '#kube/meta/object.ts';
import type { RawResponse } from '#kube/request/request.ts';
import { badRequest, internalError } from '#kube/status/errors.ts';
import { StatusError } from '#kube/status/status.ts';
import type { ServerResponse } from '#world/network/listen.ts';
import type { Trail } from '../audit/trail.ts';
import { jsonText } from '../storage/object-text.ts';
import { failureMedia, protobufType, type Representation } from './accept.ts';
import { gzipFrom, gzipHeaders } from './encoding.ts';

/** One request's answer in the making. */
export interface Reply {
  readonly response: ServerResponse;
  readonly auditId: string;
  /** A person reads it: curl, a browser, `?pretty=true`. */
  readonly pretty: boolean;
  /** The client takes gzip. */
  readonly gzip: boolean;
  /** The Accept header. */
  readonly accept?: string | undefined;
  /** Set once flow control has taken the request: uids of its FlowSchema and its priority level. */
  flow?: { readonly schema: string; readonly level: string };
  /** Set where an audit log is kept. */
  audit?: Trail;
}

type Headers = Record<string, string | number | readonly string[]>;

/** All warnings of one answer together, as apiserver bounds them, so that no client's header limit is met. */
const warningsLength = 4_096;

/** `299 - "text"`, one header each (RFC 7234 section 5.5); texts beyond the bound are left out. */
function warningHeaders(warnings: readonly string[]): readonly string[] {
  const headers: string[] = [];
  let length = 0;
  for (const text of new Set(warnings)) {
    const plain = text.replace(/[^\x20-\x7e]+/g, ' ').replace(/["\\]/g, '\\$&');
    length += plain.length;
    if (length > warningsLength) break;
    headers.push(`299 - "${plain}"`);
  }
  return headers;
}

export function headersOf(reply: Reply, contentType: string, warnings: readonly string[] = []): Headers {
  const headers: Headers = {
    'Audit-Id': reply.auditId,
    'Cache-Control': 'no-cache, private',
    'Content-Type': contentType,
  };
  if (reply.flow) {
    headers['X-Kubernetes-Pf-Flowschema-Uid'] = reply.flow.schema;
    headers['X-Kubernetes-Pf-Prioritylevel-Uid'] = reply.flow.level;
  }
  if (warnings.length > 0) headers.Warning = warningHeaders(warnings);
  return headers;
}

/** The whole body at once; a promise only where it is compressed first. */
function sendBody(reply: Reply, code: number, body: string | Buffer, headers: Headers): void | Promise<void> {
  const length = Buffer.byteLength(body);
  if (reply.gzip && length > gzipFrom) return sendGzipped(reply, code, gzipped(body), headers);
  headers['Content-Length'] = length;
  reply.response.writeHead(code, headers as Record<string, string>);
  reply.response.end(body);
}

const gzipped = async (body: string | Buffer): Promise<Buffer> =>
  (await import('#world/network/compress.ts')).gzipBytes(body);

async function sendGzipped(reply: Reply, code: number, body: Promise<Buffer>, headers: Headers): Promise<void> {
  const bytes = await body;
  Object.assign(headers, gzipHeaders, { 'Content-Length': bytes.byteLength });
  reply.response.writeHead(code, headers as Record<string, string>);
  reply.response.end(bytes);
}

function sendJson(reply: Reply, code: number, value: object, warnings?: readonly string[]): void | Promise<void> {
  const text = `${reply.pretty ? JSON.stringify(value, null, 2) : jsonText(value as KubeObject)}\n`;
  return sendBody(reply, code, text, headersOf(reply, 'application/json', warnings));
}

/** YAML is for people: the printer is loaded when the first one asks. */
async function sendYaml(reply: Reply, code: number, value: object, warnings?: readonly string[]): Promise<void> {
  const { toYaml } = await import('#kube/yaml/yaml.ts');
  await sendBody(reply, code, toYaml(value as JsonValue), headersOf(reply, 'application/yaml', warnings));
}

/** The codec and its table are loaded when the first client asks for protobuf. */
async function sendProtobuf(reply: Reply, code: number, value: object, warnings?: readonly string[]): Promise<void> {
  const { encodeProtobuf } = await import('./protobuf.ts');
  await sendBody(reply, code, encodeProtobuf(value), headersOf(reply, protobufType, warnings));
}

/** Every failure as a StatusError; what is not one is our fault, and `report` hears of it. */
export function statusErrorOf(error: unknown, report: (error: unknown) => void): StatusError {
  if (error instanceof StatusError) return error;
  if (error instanceof RangeError && error.message.includes('call stack'))
    return badRequest('the document is nested too deeply');
  report(error);
  return internalError(error instanceof Error ? error.message : String(error));
}

/** A promise only where it is told in protobuf or YAML. */
export function sendStatus(reply: Reply, error: StatusError): void | Promise<void> {
  const { response } = reply;
  if (response.headersSent) {
    // Half an answer is out: the broken connection says that it is not whole.
    response.destroy();
    return;
  }
  reply.audit?.answered(error.status);
  const media = failureMedia(reply.accept);
  if (media !== 'json') return sendStatusAs(reply, error, media);
  void sendBody(
    reply,
    error.code,
    `${JSON.stringify(error.status)}\n`,
    statusHeaders(reply, error, 'application/json'),
  );
}

async function sendStatusAs(reply: Reply, error: StatusError, media: 'yaml' | 'protobuf'): Promise<void> {
  const { code, status } = error;
  if (media === 'yaml') {
    const { toYaml } = await import('#kube/yaml/yaml.ts');
    const text = toYaml(status as unknown as JsonValue);
    return sendBody(reply, code, text, statusHeaders(reply, error, 'application/yaml'));
  }
  const { encodeProtobuf } = await import('./protobuf.ts');
  return sendBody(reply, code, encodeProtobuf(status), statusHeaders(reply, error, protobufType));
}

function statusHeaders(reply: Reply, error: StatusError, contentType: string): Headers {
  const headers = headersOf(reply, contentType, error.warnings);
  const { code } = error;
  const { details } = error.status;
  if (details?.retryAfterSeconds) headers['Retry-After'] = details.retryAfterSeconds;
  // The rest of a body that is too large is not read, so the connection cannot be used again.
  if (code === 413) headers.Connection = 'close';
  return headers;
}

/** What is said of a request that never got as far as the API. */
export function sendText(response: ServerResponse, code: number, text: string, close = false): void {
  if (response.headersSent) return;
  response.writeHead(code, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    ...(close ? { Connection: 'close' } : { 'X-Content-Type-Options': 'nosniff' }),
  });
  response.end(text);
}

/** Discovery and OpenAPI documents are shared values: their bytes are made once and live as long as they do. */
const documentBytes = new WeakMap<object, Buffer>();

function bytesOf(body: RawResponse['body'], pretty: boolean): Buffer {
  if (body instanceof Uint8Array) return body as Buffer;
  if (typeof body === 'string') return Buffer.from(body);
  if (pretty || typeof body !== 'object' || body === null)
    return Buffer.from(JSON.stringify(body, null, pretty ? 2 : 0));
  const known = documentBytes.get(body);
  if (known) return known;
  const bytes = Buffer.from(JSON.stringify(body));
  documentBytes.set(body, bytes);
  return bytes;
}

/** Of those documents only: others are compressed for each answer. */
const compressedDocuments = new WeakMap<object, Promise<Buffer>>();

function compressedOf(body: RawResponse['body'], pretty: boolean, bytes: Buffer): Promise<Buffer> {
  if (pretty || typeof body !== 'object' || body === null) return gzipped(bytes);
  const known = compressedDocuments.get(body) ?? gzipped(bytes);
  compressedDocuments.set(body, known);
  return known;
}

export function sendRaw(reply: Reply, answer: RawResponse, ifNoneMatch: string | undefined): void | Promise<void> {
  const headers: Headers = { ...headersOf(reply, answer.contentType), ...answer.headers };
  // An answer without a word has no type either.
  if (answer.contentType === '') delete headers['Content-Type'];
  const etag = answer.headers?.etag;
  if (etag !== undefined && ifNoneMatch?.split(',').some((candidate) => candidate.trim() === etag)) {
    delete headers['Content-Type'];
    reply.response.writeHead(304, headers as Record<string, string>);
    reply.response.end();
    return;
  }
  const pretty = reply.pretty || answer.indented === true;
  const bytes = bytesOf(answer.body, pretty);
  if (reply.gzip && bytes.byteLength > gzipFrom)
    return sendGzipped(reply, answer.code, compressedOf(answer.body, pretty, bytes), headers);
  headers['Content-Length'] = bytes.byteLength;
  reply.response.writeHead(answer.code, headers as Record<string, string>);
  reply.response.end(bytes);
}

const senders = { json: sendJson, yaml: sendYaml, protobuf: sendProtobuf } as const;

/** How one object is written in the form the client accepts. */
export const sendObject = async (
  reply: Reply,
  code: number,
  value: object,
  media: Representation['media'],
  warnings: readonly string[],
) => {
  reply.audit?.answered(value);
  return senders[media](reply, code, value, warnings);
};
