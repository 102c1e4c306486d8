/** The built-in kinds as TypeScript types, and their typed refs (`Deployments`, `Pods`, …) for clients. */
export * from './refs.generated.ts';
export type * from './types.generated.ts';
