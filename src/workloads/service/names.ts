/** Labels and annotations of what is made for a Service. */

export const serviceName = 'kubernetes.io/service-name';
export const sliceManagedBy = 'endpointslice.kubernetes.io/managed-by';
export const sliceManager = 'endpointslice-controller.k8s.io';
export const endpointsManagedBy = 'endpoints.kubernetes.io/managed-by';
export const endpointsManager = 'endpoint-controller';
export const headless = 'service.kubernetes.io/headless';
export const triggerTime = 'endpoints.kubernetes.io/last-change-trigger-time';
export const zoneLabel = 'topology.kubernetes.io/zone';
