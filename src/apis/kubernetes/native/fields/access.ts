/** Roles, bindings and certificate requests. Notation: ./notation.ts. */
export const access = `
[rbac.authorization.k8s.io/v1]
AggregationRule clusterRoleSelectors:[LabelSelector]
ClusterRole metadata:ObjectMeta={} rules:[PolicyRule]=null aggregationRule:AggregationRule
ClusterRoleBinding metadata:ObjectMeta={} subjects:[Subject] roleRef:RoleRef={}
PolicyRule verbs:[]=null
Role metadata:ObjectMeta={} rules:[PolicyRule]=null
RoleBinding metadata:ObjectMeta={} subjects:[Subject] roleRef:RoleRef={}
RoleRef apiGroup=rbac.authorization.k8s.io kind="" name=""
Subject kind="" name=""
[certificates.k8s.io/v1]
CertificateSigningRequest metadata:ObjectMeta={} spec:CertificateSigningRequestSpec={}
  status:CertificateSigningRequestStatus={}
CertificateSigningRequestCondition type="" status="" lastUpdateTime:time=null lastTransitionTime:time=null
CertificateSigningRequestSpec request="" signerName="" expirationSeconds* extra:{raw}
CertificateSigningRequestStatus conditions:[CertificateSigningRequestCondition]
`;
