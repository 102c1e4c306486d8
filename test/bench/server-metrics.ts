/** What the server says of itself at /metrics. */
import type { ApiClient } from '#client/api-client.ts';
import type { Figure } from './bench.ts';
import { milliseconds } from './bench.ts';

/** Sum of all series of a name. NaN when there is none. */
export function sumOf(text: string, name: string): number {
  let sum = Number.NaN;
  for (const line of text.split('\n')) {
    if (!line.startsWith(name) || !/[ {]/.test(line[name.length] ?? '')) continue;
    const value = Number(line.slice(line.lastIndexOf(' ') + 1));
    sum = Number.isNaN(sum) ? value : sum + value;
  }
  return sum;
}

export async function metricsOf(client: ApiClient): Promise<string> {
  const { body } = await client.raw('/metrics');
  return body as string;
}

/** The delay of the event loop since the metrics were last read. */
export async function loopDelay(client: ApiClient, prefix = 'event loop delay'): Promise<readonly Figure[]> {
  const text = await metricsOf(client);
  return [
    milliseconds(`${prefix} p99`, sumOf(text, 'nodejs_eventloop_lag_p99_seconds') * 1000),
    milliseconds(`${prefix} max`, sumOf(text, 'nodejs_eventloop_lag_max_seconds') * 1000),
  ];
}
