/** Labels, annotations and times in descriptions. */
import { lastApplied } from '#apis/names/annotations.ts';
import { type Labels, nothingThere } from '../output/labels.ts';
import type { Page } from './page.ts';

export const pairs = (labels: Labels): readonly string[] =>
  Object.keys(labels ?? {})
    .sort()
    .map((key) => `${key}=${labels![key]}`);

/** Annotations longer than this stand in lines of their own and are cut. */
const longestAnnotation = 140;

/** What `kubectl apply` keeps for itself is not shown. */
export function annotationLines(page: Page, level: number, title: string, annotations: Labels): void {
  const keys = Object.keys(annotations ?? {})
    .filter((key) => key !== lastApplied)
    .sort();
  const lines = keys.flatMap((key) => {
    const value = annotations![key]!.replace(/\n$/, '');
    if (value.length + key.length + 2 <= longestAnnotation && !value.includes('\n')) return [`${key}: ${value}`];
    return [`${key}:`, ...value.split('\n').map((line) => `  ${shortened(line, longestAnnotation - 2)}`)];
  });
  page.list(level, title, lines);
}

const shortened = (text: string, most: number) => (text.length > most ? `${text.slice(0, most)}...` : text);

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Sun, 22 Nov 2026 18:49:08 +0000`: RFC 1123 with a zone, always UTC. */
export function fullTime(timestamp: string | null | undefined): string {
  const milliseconds = timestamp ? Date.parse(timestamp) : Number.NaN;
  if (Number.isNaN(milliseconds)) return nothingThere;
  const time = new Date(milliseconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${weekdays[time.getUTCDay()]}, ${two(time.getUTCDate())} ${months[time.getUTCMonth()]} ${time.getUTCFullYear()}`;
  return `${day} ${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())} +0000`;
}
