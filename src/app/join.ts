/** The fleet's door for the command line: clusters come under management, and leave. */
export { join, unjoin } from '#fleet/join/join.ts';
