/** CustomResourceDefinitions as they are stored: the parts this room reads and writes (apiextensions.k8s.io/v1). */
import type { Condition, JsonObject, KubeObject } from '#kube/meta/object.ts';

export interface Names {
  readonly plural?: string;
  readonly singular?: string;
  readonly kind?: string;
  readonly listKind?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly jsonPath: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
}

export interface Version {
  readonly name: string;
  readonly served?: boolean;
  readonly storage?: boolean;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
  readonly schema?: { readonly openAPIV3Schema?: JsonObject };
  readonly subresources?: {
    readonly status?: JsonObject;
    readonly scale?: {
      readonly specReplicasPath: string;
      readonly statusReplicasPath: string;
      readonly labelSelectorPath?: string;
    };
  };
  readonly additionalPrinterColumns?: readonly PrinterColumn[];
  readonly selectableFields?: readonly { readonly jsonPath: string }[];
}

export interface WebhookConversion {
  readonly clientConfig?: JsonObject;
  readonly conversionReviewVersions?: readonly string[];
}

export interface DefinitionSpec {
  readonly group?: string;
  readonly scope?: string;
  readonly names?: Names;
  readonly versions?: readonly Version[];
  readonly conversion?: { readonly strategy?: string; readonly webhook?: WebhookConversion };
  readonly preserveUnknownFields?: boolean;
}

export interface DefinitionStatus {
  readonly acceptedNames?: Names;
  readonly conditions?: readonly Condition[];
  readonly storedVersions?: readonly string[];
}

export interface CustomResourceDefinition extends KubeObject {
  readonly spec?: DefinitionSpec;
  readonly status?: DefinitionStatus;
}

export const definitionsResource = 'apiextensions.k8s.io/customresourcedefinitions';

/** `group/resource`, as the store names it. */
export const servedResource = ({ spec = {} }: CustomResourceDefinition): string =>
  `${spec.group}/${spec.names?.plural}`;

export function isTrue(definition: CustomResourceDefinition, type: string): boolean {
  return (definition.status?.conditions ?? []).some(
    (condition) => condition.type === type && condition.status === 'True',
  );
}
