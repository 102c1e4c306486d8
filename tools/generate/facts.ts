/** What the generator needs to know of a Kubernetes API server, from wherever it was read. */

/** A schema of /openapi/v3, as JSON. */
export interface OpenApiSchema {
  readonly [keyword: string]: unknown;
}

export interface ApiGroup {
  /** '' for the core group. */
  readonly name: string;
  /** Preferred version first. */
  readonly versions: readonly string[];
}

/** One entry of an APIResourceList. */
export interface ApiResource {
  readonly name: string;
  readonly kind: string;
  readonly singularName?: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly group?: string;
  readonly version?: string;
}

export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly priority?: number;
}

export interface Facts {
  /** `v1.35.3`. */
  readonly version: string;
  readonly schemas: Readonly<Record<string, OpenApiSchema>>;
  /** The core group first, then in the server's order. */
  readonly groups: readonly ApiGroup[];
  /** By path of their group version: `/apis/apps/v1`. */
  readonly resources: Readonly<Record<string, readonly ApiResource[]>>;
  /** By list path: `/apis/apps/v1/deployments`. */
  readonly columns: Readonly<Record<string, readonly TableColumn[]>>;
  readonly bootstrapRbac: unknown;
}

export const groupVersionPath = (group: string, version: string): string =>
  group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
