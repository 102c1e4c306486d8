/** Lists on the wire: written in slices, so that 30,000 objects neither block the process nor fill its memory. */

import type { KubeList, KubeObject, ListMeta } from '#kube/meta/object.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { Writable } from '#world/network/listen.ts';
import { jsonText, itemText as untypedText, withoutType } from '../storage/object-text.ts';
import { protobufType } from './accept.ts';
import { gzipFrom, gzipHeaders } from './encoding.ts';
import { listedTexts } from './listed-texts.ts';
import { metadataOnly, requireForm, showsAsTable, tableOf, type View } from './representation.ts';
import { headersOf, type Reply, sendObject } from './respond.ts';
import { chunkBytes, createPacer, writeChunk } from './stream.ts';

/** Lists up to this length are written in one piece, with a Content-Length: 64 objects of 3 kB take about 1 ms. */
const wholeItems = 64;

/** Rows of a Table made at once: cells of 64 Pods take about 1 ms. */
const rowsAtOnce = 64;

interface ListText {
  /** Everything before the first item, `[` included. */
  readonly head: string;
  readonly items: Iterable<object>;
  readonly itemText: (item: object) => string;
}

/** Of all API servers of the process together. */
const texts = listedTexts();
const ofMade = (item: object) => jsonText(item as KubeObject);

function* metadataItems(items: readonly KubeObject[], version: string) {
  for (const item of items) yield metadataOnly(item, version);
}

function* tableRows(view: View & { readonly kind: NonNullable<View['kind']> }, list: KubeList, now: number) {
  for (let from = 0; from < list.items.length; from += rowsAtOnce) {
    yield* tableOf(view, view.kind, list.items.slice(from, from + rowsAtOnce), now, list.metadata).rows;
  }
}

/** What a list that is no Table consists of. */
function partsOf(list: KubeList, view: View) {
  if (view.form !== 'metadata') return { head: typed(list.kind, list.apiVersion, list.metadata), items: list.items };
  const head = typed('PartialObjectMetadataList', `meta.k8s.io/${view.version}`, list.metadata);
  return { head, items: metadataItems(list.items, view.version) };
}

const typed = (kind: string, apiVersion: string, metadata: ListMeta) => ({ kind, apiVersion, metadata });

function textOf(list: KubeList, view: View, clock: Clock): ListText {
  if (showsAsTable(view, list.kind)) {
    const { kind, apiVersion, metadata, columnDefinitions } = tableOf(view, view.kind, [], clock.now(), list.metadata);
    const head = JSON.stringify({ kind, apiVersion, metadata, columnDefinitions }).slice(0, -1);
    return { head: `${head},"rows":[`, items: tableRows(view, list, clock.now()), itemText: ofMade };
  }
  const { head, items } = partsOf(list, view);
  // Items of a built-in kind do not say of which: the list has said it.
  const write = view.kind?.native ? untypedText : jsonText;
  const text = view.form === 'object' ? texts.textOf(list.items, write, clock) : jsonText;
  return { head: `${JSON.stringify(head).slice(0, -1)},"items":[`, items, itemText: text as ListText['itemText'] };
}

function wholeList(list: KubeList, view: View, now: number): object {
  if (showsAsTable(view, list.kind)) return tableOf(view, view.kind, list.items, now, list.metadata);
  const { head, items } = partsOf(list, view);
  const bare = view.form === 'object' && view.kind?.native && view.media !== 'protobuf';
  // An empty list of metadata has a null there.
  if (view.form === 'metadata' && list.items.length === 0) return { ...head, items: null };
  return { ...head, items: bare ? list.items.map(withoutType) : [...items] };
}

/** What goes out: the response itself, or a compressor before it. */
async function openBody(reply: Reply, headers: Record<string, unknown>, large: boolean): Promise<Writable> {
  const gzip = large && reply.gzip;
  reply.response.writeHead(200, { ...headers, ...(gzip ? gzipHeaders : {}) } as Record<string, string>);
  return gzip ? (await import('#world/network/compress.ts')).gzipInto(reply.response) : reply.response;
}

async function sendSlices(
  reply: Reply,
  { head, items, itemText }: ListText,
  headers: Record<string, unknown>,
  clock: Clock,
): Promise<void> {
  const pace = createPacer(clock);
  // A client that takes gzip waits until it is known whether there is enough to compress.
  const first = reply.gzip ? gzipFrom : chunkBytes;
  let body: Writable | undefined;
  let text = head;
  let separator = '';
  for (const item of items) {
    text += separator + itemText(item);
    separator = ',';
    if (text.length >= (body ? chunkBytes : first)) {
      body ??= await openBody(reply, headers, true);
      const behind = writeChunk(body, text, clock);
      text = '';
      if (behind) await behind;
      if (body.destroyed) return;
    }
    const share = pace();
    if (share) await share;
  }
  body ??= await openBody(reply, headers, false);
  body.end(`${text}]}\n`);
}

/**
 * Protobuf says a list's length before its first item, so all items are written before any of them is sent: less memory
 * than the objects take, which the list keeps alive anyway.
 */
async function sendItems(
  reply: Reply,
  list: KubeList,
  view: View,
  clock: Clock,
  headers: Record<string, unknown>,
): Promise<void> {
  const { encodeAround, encodeItem } = await import('./protobuf.ts');
  const { head: type, items } = partsOf(list, view);
  const pace = createPacer(clock);
  const chunks: Buffer[] = [];
  let length = 0;
  for (const item of items) {
    const bytes = encodeItem(type, item);
    chunks.push(bytes);
    length += bytes.byteLength;
    const share = pace();
    if (share) await share;
  }
  const { head, tail } = encodeAround(type, length);
  const body = await openBody(reply, headers, length > gzipFrom);
  for (const bytes of gathered([head, ...chunks, tail])) {
    const behind = writeChunk(body, bytes, clock);
    if (behind) await behind;
    if (body.destroyed) return;
    const share = pace();
    if (share) await share;
  }
  body.end();
}

/** The same bytes in pieces worth writing. */
function* gathered(chunks: readonly Buffer[]): Iterable<Buffer> {
  let from = 0;
  let size = 0;
  for (let index = 0; index < chunks.length; index++) {
    size += chunks[index]!.byteLength;
    if (size < chunkBytes && index + 1 < chunks.length) continue;
    yield Buffer.concat(chunks.slice(from, index + 1), size);
    from = index + 1;
    size = 0;
  }
}

/** 200 with the list in the form the client asked for. */
export async function sendList(
  reply: Reply,
  list: KubeList,
  view: View,
  clock: Clock,
  warnings: readonly string[],
): Promise<void> {
  requireForm(view, list.kind, true);
  if (view.media === 'yaml' || list.items.length <= wholeItems)
    return sendObject(reply, 200, wholeList(list, view, clock.now()), view.media, warnings);
  reply.audit?.answeredWith(() => wholeList(list, view, clock.now()));
  if (view.media === 'protobuf') return sendItems(reply, list, view, clock, headersOf(reply, protobufType, warnings));
  await sendSlices(reply, textOf(list, view, clock), headersOf(reply, 'application/json', warnings), clock);
}
