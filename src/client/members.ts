/**
 * The member clusters as the flow reaches them: who connects (fleet) and who uses the connection (execute, observe)
 * know only this. Whether a member is ready is said by its Cluster object, not here.
 */
import type { ApiClient } from './api-client.ts';
import type { InformerFactory } from './informer/informer.ts';
import type { KindFinder } from './kinds.ts';
import type { RestMapper } from './mapper/mapper.ts';

export interface Member {
  readonly name: string;
  readonly client: ApiClient;
  readonly informers: InformerFactory;
  readonly mapper: RestMapper;
  /** What is known of a kind there: defaults and merge keys. Throws Unsynced while its definitions are not known. */
  readonly kindOf: KindFinder;
}

export interface Members {
  /** Undefined while there is no connection to a cluster of that name. */
  readonly get: (cluster: string) => Member | undefined;
  /** Called when a connection is made, replaced or closed. Returns how to stop. */
  readonly onChange: (handler: (cluster: string) => void) => () => void;
}
