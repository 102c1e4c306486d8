/** All scripts: each is run against a real kube-apiserver once, and its recording against ours with every `npm test`. */
import { clusterScripts } from './admission-cluster.ts';
import { limitScripts } from './admission-limits.ts';
import { podScripts } from './admission-pods.ts';
import { policyScripts } from './admission-policies.ts';
import { webhookScripts } from './admission-webhooks.ts';
import { apiServiceScripts } from './api-services.ts';
import { applyScripts } from './apply.ts';
import { applyKindScripts } from './apply-kinds.ts';
import { authScripts } from './auth/scripts.ts';
import { connectionScripts } from './connections.ts';
import { definitionScripts } from './crd-definitions.ts';
import { instanceScripts } from './crd-instances.ts';
import { ruleScripts } from './crd-rules.ts';
import { schemaScripts } from './crd-schemas.ts';
import { servedScripts } from './crd-served.ts';
import { updateScripts } from './crd-updates.ts';
import { customScripts } from './custom.ts';
import { defaultScripts } from './defaults.ts';
import type { Script } from './hand.ts';
import { hostileScripts } from './hostile.ts';
import { patchScripts } from './patch.ts';
import { refusalScripts } from './refusals.ts';
import { detailScripts } from './refused-details.ts';
import { semanticScripts } from './semantics.ts';

export const scripts: readonly Script[] = [
  ...applyScripts,
  ...applyKindScripts,
  ...authScripts,
  ...patchScripts,
  ...defaultScripts,
  ...refusalScripts,
  ...detailScripts,
  ...customScripts,
  ...definitionScripts,
  ...schemaScripts,
  ...ruleScripts,
  ...instanceScripts,
  ...updateScripts,
  ...servedScripts,
  ...semanticScripts,
  ...limitScripts,
  ...podScripts,
  ...clusterScripts,
  ...policyScripts,
  ...connectionScripts,
  ...webhookScripts,
  ...hostileScripts,
  ...apiServiceScripts,
];
