/** Warnings about what containers say twice: environment variables and ports. */
import { type Fields, itemsOf, textOf } from '../value.ts';
import type { PlacedContainer } from './pods.ts';

/** A variable may build on the one before it: `PATH: $(PATH):/more`. */
export function environmentWarnings(warnings: string[], place: string, container: Fields): void {
  const variables = itemsOf(container.env);
  if (variables.length < 2) return;
  const seen = new Set<string>();
  for (const [index, variable] of variables.entries()) {
    const name = textOf(variable.name);
    const reference = `$(${name})`;
    const value = textOf(variable.value);
    const builds = variable.valueFrom === undefined && value !== reference && value.includes(reference);
    if (seen.has(name) && !builds) {
      const why = `hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`;
      warnings.push(`${place}.env[${index}]: ${why}`);
    }
    seen.add(name);
  }
}

interface PlacedPort {
  readonly place: string;
  readonly hostIp: string;
  readonly hostPort: unknown;
}

export function portWarnings(warnings: string[], containers: readonly PlacedContainer[]): void {
  const known = new Map<string, PlacedPort[]>();
  const named = new Map<string, string>();
  const nameWarnings: string[] = [];
  for (const [at, container] of containers) {
    for (const [index, port] of itemsOf(container.ports).entries()) {
      const place = `${at}.ports[${index}]`;
      const placed = { place, hostIp: textOf(port.hostIP), hostPort: port.hostPort ?? 0 };
      const key = `${Number(port.containerPort)}/${textOf(port.protocol)}`;
      const others = known.get(key) ?? [];
      for (const other of others) overlapWarning(warnings, placed, other);
      known.set(key, [...others, placed]);
      const name = textOf(port.name);
      const first = named.get(name);
      if (name === '') continue;
      if (first === undefined) named.set(name, place);
      else {
        const used = `services and probes that select ports by name will use ${first}`;
        nameWarnings.push(`${place}: duplicate port name ${JSON.stringify(name)} with ${first}, ${used}`);
      }
    }
  }
  warnings.push(...nameWarnings);
}

function overlapWarning(warnings: string[], port: PlacedPort, other: PlacedPort): void {
  const samePort = port.hostPort === other.hostPort;
  if (samePort && port.hostIp === other.hostIp) {
    warnings.push(`${port.place}: duplicate port definition with ${other.place}`);
  } else if (port.hostPort === 0 || other.hostPort === 0) {
    warnings.push(`${port.place}: overlapping port definition with ${other.place}`);
  } else if (samePort && (port.hostIp === '') !== (other.hostIp === '')) {
    warnings.push(`${port.place}: dangerously ambiguous port definition with ${other.place}`);
  }
}
