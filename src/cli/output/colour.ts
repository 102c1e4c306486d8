/** Colours on a terminal, nothing elsewhere. */
import picocolors from 'picocolors';

export type Paint = (text: string) => string;

export interface Colours {
  readonly good: Paint;
  readonly bad: Paint;
  readonly changed: Paint;
  readonly weak: Paint;
  readonly strong: Paint;
}

/** `wanted`: somebody looks at a terminal; NO_COLOR and FORCE_COLOR decide against or for it. */
export function colours(wanted: boolean, environment: Readonly<Record<string, string | undefined>>): Colours {
  const on = environment.FORCE_COLOR ? true : wanted && !environment.NO_COLOR;
  const { green, red, yellow, dim, bold } = picocolors.createColors(on);
  return { good: green, bad: red, changed: yellow, weak: dim, strong: bold };
}
