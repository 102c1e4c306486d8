/** Lists on the wire: written in slices, so that 30,000 objects neither block the process nor fill its memory. */

import type { KubeList, KubeObject } from '#kube/meta/object.ts';
import type { Clock } from '#world/clock/clock.ts';
import { jsonText } from '../storage/kept-fields.ts';
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

async function sendSlices(reply: Reply, { head, items }: ListText, clock: Clock): Promise<void> {
  const { response } = reply;
  const pace = createPacer(clock);
  let text = head;
  let separator = '';
  for (const item of items) {
    text += separator + jsonText(item as KubeObject);
    separator = ',';
    if (text.length >= chunkBytes) {
      const behind = writeChunk(response, text);
      text = '';
      if (behind) await behind;
      if (response.destroyed) return;
    }
    const share = pace();
    if (share) await share;
  }
  response.end(`${text}]}\n`);
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
  reply.response.writeHead(200, headersOf(reply, 'application/json', warnings) as Record<string, string>);
  await sendSlices(reply, textOf(list, view, clock.now()), clock);
}
