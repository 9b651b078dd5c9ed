/**
 * kube-proxy in iptables mode, and the chains that kubelet makes beside it. Services and endpoints
 * become rule text by functions of the inputs ({@link dev.aviary.kubeproxy.ServiceRules}); {@link
 * dev.aviary.kubeproxy.KubeProxy} writes what changed. Nothing here knows Felix.
 */
@NullMarked
package dev.aviary.kubeproxy;

import org.jspecify.annotations.NullMarked;
