/** All that speaks to API servers behind this one; loaded with the first of them. */
import type { Registry } from '../registry/context.ts';
import { type Availability, followAvailability } from './availability.ts';
import { type ClientPair, createCalls } from './calls.ts';
import { type Catalogue, createCatalogue } from './catalogue.ts';
import { createForwarding, type Forwarding } from './forwarding.ts';
import type { Remote, Remotes } from './remotes.ts';
import type { Resolved } from './resolve.ts';

interface OutwardOptions {
  readonly registry: Registry;
  readonly remotes: Remotes;
  readonly resolve: (remote: Remote) => Resolved;
  readonly client: ClientPair | undefined;
  readonly changed: () => void;
}

export interface Outward {
  readonly availability: Availability;
  readonly catalogue: Catalogue;
  readonly forwarding: Forwarding;
  readonly close: () => void;
}

export function createOutward({ registry, remotes, resolve, client, changed }: OutwardOptions): Outward {
  const { clock, random } = registry.world;
  const calls = createCalls(client);
  const catalogue = createCatalogue({ remotes, resolve, calls, clock, changed });
  const availability = followAvailability({
    registry,
    remotes,
    resolve,
    calls,
    looked: (remote, address) => void catalogue.looked(remote, address),
  });
  const forwarding = createForwarding({ client, resolve, random });
  return {
    availability,
    catalogue,
    forwarding,
    close: () => {
      availability.stop();
      forwarding.close();
      calls.close();
    },
  };
}
