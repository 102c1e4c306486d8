/** Ingresses, network policies and endpoint slices. Notation: ./notation.ts. */
export const networking = `
[networking.k8s.io/v1]
HTTPIngressPath pathType*=null backend:IngressBackend={}
HTTPIngressRuleValue paths:[HTTPIngressPath]=null
IPAddress metadata:ObjectMeta={} spec:IPAddressSpec={}
IPAddressSpec parentRef:ParentReference
IPBlock cidr=""
Ingress metadata:ObjectMeta={} spec:IngressSpec={} status:IngressStatus={}
IngressBackend service:IngressServiceBackend resource:TypedLocalObjectReference
IngressClass metadata:ObjectMeta={} spec:IngressClassSpec={}
IngressClassParametersReference apiGroup* kind="" name="" scope*=Cluster namespace*
IngressClassSpec parameters:IngressClassParametersReference
IngressLoadBalancerIngress ports:[IngressPortStatus]
IngressLoadBalancerStatus ingress:[IngressLoadBalancerIngress]
IngressPortStatus port=0 protocol="" error*
IngressRule http:HTTPIngressRuleValue
IngressServiceBackend name="" port:ServiceBackendPort={}
IngressSpec ingressClassName* defaultBackend:IngressBackend tls:[IngressTLS] rules:[IngressRule]
IngressStatus loadBalancer:IngressLoadBalancerStatus={}
IngressTLS
NetworkPolicy metadata:ObjectMeta={} spec:NetworkPolicySpec={}
NetworkPolicyEgressRule ports:[NetworkPolicyPort] to:[NetworkPolicyPeer]
NetworkPolicyIngressRule ports:[NetworkPolicyPort] from:[NetworkPolicyPeer]
NetworkPolicyPeer podSelector:LabelSelector namespaceSelector:LabelSelector ipBlock:IPBlock
NetworkPolicyPort protocol*=TCP port:intstr endPort*
NetworkPolicySpec podSelector:LabelSelector={} ingress:[NetworkPolicyIngressRule] egress:[NetworkPolicyEgressRule]
ParentReference
ServiceBackendPort
ServiceCIDR metadata:ObjectMeta={} spec:ServiceCIDRSpec={} status:ServiceCIDRStatus={}
ServiceCIDRSpec
ServiceCIDRStatus conditions:[Condition]
[discovery.k8s.io/v1]
Endpoint addresses:[]=null conditions:EndpointConditions={} hostname* targetRef:ObjectReference nodeName* zone*
  hints:EndpointHints
EndpointConditions ready* serving* terminating*
EndpointHints forZones:[ForZone] forNodes:[ForNode]
EndpointPort name*="" protocol*=TCP port* appProtocol*
EndpointSlice metadata:ObjectMeta={} addressType="" endpoints:[Endpoint]=null ports:[EndpointPort]=null
ForNode name=""
ForZone name=""
`;
