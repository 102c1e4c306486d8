/** Our own control plane and members at this moment, as the golden folders hold the reference's. */
import { type Deployment, Deployments, EventsV1, type Pod, Pods, type Service, Services } from '#apis/kubernetes/types.ts';
