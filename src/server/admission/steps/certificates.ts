/** CertificateApproval, CertificateSigning, CertificateSubjectRestriction: who may have which certificates made. */
import type { CertificateSigningRequest } from '#apis/kubernetes/types.ts';
import type { AdmissionRequest } from '#kube/admission/review.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { Authorizer } from '../../auth/authorizer.ts';
import { refuse } from '../refuse.ts';
import { type AdmissionStep, handlesResource } from '../step.ts';

const group = 'certificates.k8s.io';
const resource = 'certificatesigningrequests';

/** With the right for the signer, or for all signers of its domain. */
function maySign({ authorize }: Authorizer, { user }: AdmissionRequest, verb: string, signer: string): boolean {
  const domain = signer.split('/', 1)[0];
  return [signer, `${domain}/*`].some(
    (name) => authorize({ user, verb, apiGroup: group, resource: 'signers', name }).allowed,
  );
}

const signerOf = (object: unknown): string => (object as CertificateSigningRequest).spec.signerName;

function guarded(
  name: string,
  subresource: string,
  authorizer: Authorizer,
  verb: string,
  concerned: (request: AdmissionRequest) => boolean,
): AdmissionStep {
  return {
    name,
    phase: 'validate',
    handles: (target) =>
      target.group === group &&
      target.resource === resource &&
      target.subresource === subresource &&
      target.operation === 'UPDATE',
    review: (request) => {
      if (!concerned(request)) return undefined;
      const signer = signerOf(request.oldObject);
      if (maySign(authorizer, request, verb, signer)) return undefined;
      throw refuse(request, `user not permitted to ${verb} requests with signerName ${JSON.stringify(signer)}`);
    },
  };
}

export const certificateApproval = (authorizer: Authorizer): AdmissionStep =>
  guarded('CertificateApproval', 'approval', authorizer, 'approve', () => true);

export const certificateSigning = (authorizer: Authorizer): AdmissionStep =>
  guarded('CertificateSigning', 'status', authorizer, 'sign', ({ object, oldObject }) => {
    const [status, old] = [object, oldObject].map((each) => (each as CertificateSigningRequest).status);
    return status?.certificate !== old?.certificate || !deepEqual(status?.conditions, old?.conditions);
  });

const clientSigner = 'kubernetes.io/kube-apiserver-client';
const masters = 'system:masters';

export const certificateSubjectRestriction: AdmissionStep = {
  name: 'CertificateSubjectRestriction',
  phase: 'validate',
  handles: handlesResource(group, resource, ['CREATE']),
  review: async (request) => {
    const { spec } = request.object as CertificateSigningRequest;
    if (spec.signerName !== clientSigner) return undefined;
    const pem = Buffer.from(spec.request ?? '', 'base64').toString('utf8');
    if (!(await organizationsOf(request, pem)).includes(masters)) return undefined;
    throw refuse(request, `use of ${clientSigner} signer with ${masters} group is not allowed`);
  },
};

async function organizationsOf(request: AdmissionRequest, pem: string): Promise<readonly string[]> {
  // Few clusters ever see such a request.
  const { readSigningRequest } = await import('#world/certificates/signing-request.ts');
  try {
    return readSigningRequest(pem).subject.organizations;
  } catch (error) {
    throw refuse(request, `failed to parse CSR: ${(error as Error).message}`);
  }
}
