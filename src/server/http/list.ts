/** Lists on the wire: written in slices, so that 30,000 objects neither block the process nor fill its memory. */

import type { KubeList, KubeObject } from '#kube/meta/object.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { Writable } from '#world/network/listen.ts';
import { jsonText } from '../storage/kept-fields.ts';
import { gzipFrom, gzipHeaders } from './encoding.ts';
import { metadataOnly, showsAsTable, tableOf, type View } from './representation.ts';
import { headersOf, type Reply, sendJson, sendYaml } from './respond.ts';
import { chunkBytes, createPacer, writeChunk } from './stream.ts';

/** Lists up to this length are written in one piece, with a Content-Length: 64 objects of 3 kB take about 1 ms. */
const wholeItems = 64;

/** Rows of a Table made at once: cells of 64 Pods take about 1 ms. */
const rowsAtOnce = 64;

interface ListText {
  /** Everything before the first item, `[` included. */
  readonly head: string;
  readonly items: Iterable<object>;
}

const listHead = (kind: string, apiVersion: string, metadata: object, field = 'items') =>
  `${JSON.stringify({ kind, apiVersion, metadata }).slice(0, -1)},"${field}":[`;

function* metadataItems(items: readonly KubeObject[], version: string) {
  for (const item of items) yield metadataOnly(item, version);
}

function* tableRows(view: View & { readonly kind: NonNullable<View['kind']> }, list: KubeList, now: number) {
  for (let from = 0; from < list.items.length; from += rowsAtOnce) {
    yield* tableOf(view, view.kind, list.items.slice(from, from + rowsAtOnce), now, list.metadata).rows;
  }
}

function textOf(list: KubeList, view: View, now: number): ListText {
  if (showsAsTable(view, list.kind)) {
    const { kind, apiVersion, metadata, columnDefinitions } = tableOf(view, view.kind, [], now, list.metadata);
    const head = JSON.stringify({ kind, apiVersion, metadata, columnDefinitions }).slice(0, -1);
    return { head: `${head},"rows":[`, items: tableRows(view, list, now) };
  }
  if (view.form === 'metadata') {
    const apiVersion = `meta.k8s.io/${view.version}`;
    const head = listHead('PartialObjectMetadataList', apiVersion, list.metadata);
    return { head, items: metadataItems(list.items, view.version) };
  }
  return { head: listHead(list.kind, list.apiVersion, list.metadata), items: list.items };
}

function wholeList(list: KubeList, view: View, now: number): object {
  if (showsAsTable(view, list.kind)) return tableOf(view, view.kind, list.items, now, list.metadata);
  if (view.form !== 'metadata') {
    const { apiVersion, kind, metadata, items } = list;
    return { kind, apiVersion, metadata, items };
  }
  const items = [...metadataItems(list.items, view.version)];
  return {
    kind: 'PartialObjectMetadataList',
    apiVersion: `meta.k8s.io/${view.version}`,
    metadata: list.metadata,
    items,
  };
}

/** What goes out: the response itself, or a compressor before it. */
async function openBody(reply: Reply, headers: Record<string, unknown>, large: boolean): Promise<Writable> {
  const gzip = large && reply.gzip;
  reply.response.writeHead(200, { ...headers, ...(gzip ? gzipHeaders : {}) } as Record<string, string>);
  return gzip ? (await import('#world/network/compress.ts')).gzipInto(reply.response) : reply.response;
}

async function sendSlices(
  reply: Reply,
  { head, items }: ListText,
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
    text += separator + jsonText(item as KubeObject);
    separator = ',';
    if (text.length >= (body ? chunkBytes : first)) {
      body ??= await openBody(reply, headers, true);
      const behind = writeChunk(body, text);
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

/** 200 with the list in the form the client asked for. */
export async function sendList(
  reply: Reply,
  list: KubeList,
  view: View,
  clock: Clock,
  warnings: readonly string[],
): Promise<void> {
  if (view.media === 'yaml') return sendYaml(reply, 200, wholeList(list, view, clock.now()), warnings);
  if (list.items.length <= wholeItems) return sendJson(reply, 200, wholeList(list, view, clock.now()), warnings);
  await sendSlices(reply, textOf(list, view, clock.now()), headersOf(reply, 'application/json', warnings), clock);
}
