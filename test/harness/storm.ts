/** As bad as networks get: what is late, lost, refused, forgotten and told twice. */
export const storm = {
  watchDelayMs: [0, 60],
  delayMs: [0, 5],
  refusals: 0.05,
  lostAnswers: 0.05,
  watchDrops: 0.02,
  expiries: 0.2,
  repeats: 0.2,
} as const;
