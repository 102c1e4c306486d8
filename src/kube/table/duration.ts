/** Durations as kubectl's AGE column writes them: two units while that says something, one later. */

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** `45s`, `3m20s`, `5h`, `2d4h`, `30d`, `2y10d`; `<invalid>` for more than a second in the future. Milliseconds. */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / second);
  if (Number.isNaN(seconds)) return '<unknown>';
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.trunc(milliseconds / minute);
  if (minutes < 10) return withRest(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(milliseconds / hour);
  if (hours < 8) return withRest(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / 24);
  if (days < 8) return withRest(days, 'd', hours % 24, 'h');
  if (days < 2 * 365) return `${days}d`;
  const years = Math.trunc(days / 365);
  return years < 8 ? withRest(years, 'y', days % 365, 'd') : `${years}y`;
}

const withRest = (count: number, unit: string, rest: number, restUnit: string) =>
  rest === 0 ? `${count}${unit}` : `${count}${unit}${rest}${restUnit}`;
