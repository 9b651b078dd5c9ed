package dev.aviary.emulator.resource;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A kind that the verbs know.
 *
 * @param plural as error texts of the Kubernetes API name its resources
 * @param names what it may be called on a command line, in lower case
 */
public record ResourceKind(
    String kind, Group group, boolean namespaced, String plural, List<String> names) {
  public ResourceKind {
    names = List.copyOf(names);
  }

  /** Whose it is. */
  public enum Group {
    CALICO("projectcalico.org/v3"),
    CORE("v1"),
    DISCOVERY("discovery.k8s.io/v1"),
    NETWORKING("networking.k8s.io/v1"),
    KUBE_PROXY("kubeproxy.config.k8s.io/v1alpha1"),
    AVIARY("aviary.dev/v1");

    private final String version;

    Group(String version) {
      this.version = version;
    }

    /** As manifests have it. */
    public String version() {
      return version;
    }

    static Optional<Group> of(String apiVersion) {
      return switch (apiVersion) {
        case "v1" -> Optional.of(CORE);
        case "projectcalico.org/v3", "crd.projectcalico.org/v1" -> Optional.of(CALICO);
        case "discovery.k8s.io/v1", "discovery.k8s.io/v1beta1" -> Optional.of(DISCOVERY);
        case "networking.k8s.io/v1" -> Optional.of(NETWORKING);
        case "kubeproxy.config.k8s.io/v1alpha1" -> Optional.of(KUBE_PROXY);
        case "aviary.dev/v1" -> Optional.of(AVIARY);
        default -> Optional.empty();
      };
    }
  }

  private static ResourceKind calico(String kind, boolean namespaced, String plural, String names) {
    return new ResourceKind(
        kind,
        Group.CALICO,
        namespaced,
        plural + ".crd.projectcalico.org",
        List.of(names.split(" ", -1)));
  }

  private static ResourceKind kubernetes(
      String kind, Group group, boolean namespaced, String plural, String names) {
    return new ResourceKind(kind, group, namespaced, plural, List.of(names.split(" ", -1)));
  }

  /** All of them, Calico's first: a name that both have means Calico's. */
  public static final List<ResourceKind> ALL =
      List.of(
          kubernetes("Node", Group.CALICO, false, "nodes", "node nodes no nos"),
          calico("IPPool", false, "ippools", "ippool ippools ipp ipps pool pools"),
          calico("BGPPeer", false, "bgppeers", "bgppeer bgppeers bgpp bgpps bp bps"),
          calico(
              "BGPConfiguration",
              false,
              "bgpconfigurations",
              "bgpconfiguration bgpconfigurations bgpconfig bgpconfigs"),
          calico("BGPFilter", false, "bgpfilters", "bgpfilter bgpfilters bgpf bgpfs bf bfs"),
          calico(
              "FelixConfiguration",
              false,
              "felixconfigurations",
              "felixconfiguration felixconfigurations felixconfig felixconfigs"),
          calico(
              "GlobalNetworkPolicy",
              false,
              "globalnetworkpolicies",
              "globalnetworkpolicy globalnetworkpolicies gnp gnps"),
          calico(
              "NetworkPolicy",
              true,
              "networkpolicies",
              "networkpolicy networkpolicies policy np policies pol pols"),
          calico(
              "GlobalNetworkSet",
              false,
              "globalnetworksets",
              "globalnetworkset globalnetworksets gnetsets"),
          calico("NetworkSet", true, "networksets", "networkset networksets netsets"),
          calico("HostEndpoint", false, "hostendpoints", "hostendpoint hostendpoints hep heps"),
          calico(
              "IPAMConfiguration",
              false,
              "ipamconfigs",
              "ipamconfiguration ipamconfigurations ipamconfig ipamconfigs"),
          calico(
              "KubeControllersConfiguration",
              false,
              "kubecontrollersconfigurations",
              "kubecontrollersconfiguration kubecontrollersconfigurations kubecontrollersconfig"
                  + " kubecontrollersconfigs"),
          calico(
              "IPReservation",
              false,
              "ipreservations",
              "ipreservation ipreservations reservation reservations"),
          calico(
              "CalicoNodeStatus",
              false,
              "caliconodestatuses",
              "caliconodestatus caliconodestatuses nodestatus nodestatuses"),
          calico("Profile", false, "profiles", "profile profiles pro pros"),
          calico(
              "WorkloadEndpoint",
              true,
              "workloadendpoints",
              "workloadendpoint workloadendpoints wep weps"),
          calico(
              "BlockAffinity", false, "blockaffinities", "blockaffinity blockaffinities affinity"),
          kubernetes("Pod", Group.CORE, true, "pods", "pod pods po"),
          kubernetes("Service", Group.CORE, true, "services", "service services svc"),
          kubernetes("Namespace", Group.CORE, false, "namespaces", "namespace namespaces ns"),
          kubernetes("Endpoints", Group.CORE, true, "endpoints", "endpoints endpoint ep"),
          kubernetes(
              "EndpointSlice",
              Group.DISCOVERY,
              true,
              "endpointslices.discovery.k8s.io",
              "endpointslice endpointslices"),
          kubernetes("Secret", Group.CORE, true, "secrets", "secret secrets"),
          kubernetes("ServiceAccount", Group.CORE, true, "serviceaccounts", "serviceaccount sa"),
          kubernetes("Node", Group.CORE, false, "nodes", "kubernetesnode kubernetesnodes"),
          kubernetes(
              "NetworkPolicy",
              Group.NETWORKING,
              true,
              "networkpolicies.networking.k8s.io",
              "kubernetesnetworkpolicy kubernetesnetworkpolicies"),
          kubernetes(
              "KubeProxyConfiguration",
              Group.KUBE_PROXY,
              false,
              "kubeproxyconfigurations",
              "kubeproxyconfiguration kubeproxyconfigurations"),
          kubernetes("Topology", Group.AVIARY, false, "topologies", "topology topologies"));

  /** What a person calls {@code name}. */
  public static Optional<ResourceKind> called(String name) {
    var lower = name.toLowerCase(Locale.ROOT);
    return ALL.stream().filter(kind -> kind.names().contains(lower)).findFirst();
  }

  /** The kind of a document. */
  public static Optional<ResourceKind> of(String apiVersion, String kind) {
    var called = kind.equals("IPAMConfig") ? "IPAMConfiguration" : kind;
    return Group.of(apiVersion)
        .flatMap(
            group ->
                ALL.stream()
                    .filter(k -> k.group() == group && k.kind().equals(called))
                    .findFirst());
  }

  /** The kind of {@code resource}. */
  public static Optional<ResourceKind> of(Resource resource) {
    var document = resource.source().document();
    return of(text(document, "apiVersion"), text(document, "kind"));
  }

  private static String text(YamlNode.Mapping document, String field) {
    return document.find(field) instanceof YamlNode.Scalar scalar ? scalar.text() : "";
  }

  /** How Calico's errors call the one with this name: {@code IPPool(x)}. */
  public String identifier(String namespace, String name) {
    return kind + "(" + (namespace.isEmpty() ? name : namespace + "/" + name) + ")";
  }
}
