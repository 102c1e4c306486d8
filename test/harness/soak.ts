/** How long the long tests are: as many rounds as `npm test` has time for, or as many as `npm run soak` is for. */

export const soaking = process.env.FLOTILLA_SOAK === '1';

export const rounds = ({ test, soak }: { readonly test: number; readonly soak: number }): number =>
  soaking ? soak : test;
