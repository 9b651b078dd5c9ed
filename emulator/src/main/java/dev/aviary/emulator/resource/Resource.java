package dev.aviary.emulator.resource;

/** One resource as the user wrote it, checked by itself. */
public sealed interface Resource
    permits BgpConfigurationResource,
        BgpFilterResource,
        BgpPeerResource,
        BlockAffinityResource,
        EndpointsResource,
        FelixConfigurationResource,
        HostEndpointResource,
        IpPoolResource,
        IpReservationResource,
        IpamConfigResource,
        KubeControllersConfigurationResource,
        KubeProxyConfigurationResource,
        KubernetesNodeResource,
        NamespaceResource,
        NetworkPolicyResource,
        NetworkSetResource,
        NodeResource,
        NodeStatusResource,
        PodResource,
        ProfileResource,
        SecretResource,
        ServiceAccountResource,
        ServiceResource,
        TopologyResource,
        WorkloadEndpointResource {

  Metadata metadata();

  /** Where it stands. */
  Source source();

  /** What makes two descriptions those of one thing: group, kind, namespace and name. */
  default String identity() {
    return ResourceKind.of(this)
        .map(kind -> kind.group() + "/" + kind.kind() + "/" + metadata().id())
        .orElseGet(() -> getClass().getSimpleName() + "/" + metadata().id());
  }

  /** The file, the line it starts at, and the document itself. */
  record Source(String file, int line, YamlNode.Mapping document) {
    /** A problem at the line of the field {@code path} ("spec.cidr"), as far as it is there. */
    public Problem problem(String path, String text) {
      int at = line;
      YamlNode node = document;
      for (var name : path.split("\\.", -1)) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
          break;
        }
        var entry = mapping.entries().get(name);
        if (entry == null) {
          break;
        }
        at = entry.line();
        node = entry.value();
      }
      return new Problem(file, at, path, text);
    }
  }
}
