package dev.aviary.ipam;

import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of {@link Ipam#autoAssign}.
 *
 * @param host the node's Calico name
 * @param count4 how many IPv4 addresses, 0 for none
 * @param count6 how many IPv6 addresses, 0 for none
 * @param handle what they can be released by later; null for none
 * @param attributes recorded with each address
 * @param pools4 the only pools to take from; empty for all that match the node
 * @param pools6 likewise
 * @param maxBlocksPerHost 0 if the request sets no limit
 * @param use what they are for; null is an error
 * @param windows the host runs Windows, which needs strict affinity
 * @param namespaceLabels of the pod's namespace; empty if it has none
 * @param maxPerHandle how many addresses of a family the handle may have; 0 for any number
 */
public record AssignRequest(
    String host,
    int count4,
    int count6,
    @Nullable String handle,
    Map<String, String> attributes,
    List<Prefix> pools4,
    List<Prefix> pools6,
    int maxBlocksPerHost,
    @Nullable HostReservation reservation4,
    @Nullable HostReservation reservation6,
    @Nullable IntendedUse use,
    boolean windows,
    Map<String, String> namespaceLabels,
    int maxPerHandle) {
  public AssignRequest {
    attributes = Map.copyOf(attributes);
    namespaceLabels = Map.copyOf(namespaceLabels);
    pools4 = List.copyOf(pools4);
    pools6 = List.copyOf(pools6);
  }

  /** As v3.22 has it: no namespace, no limit per handle. */
  public AssignRequest(
      String host,
      int count4,
      int count6,
      @Nullable String handle,
      Map<String, String> attributes,
      List<Prefix> pools4,
      List<Prefix> pools6,
      int maxBlocksPerHost,
      @Nullable HostReservation reservation4,
      @Nullable HostReservation reservation6,
      @Nullable IntendedUse use,
      boolean windows) {
    this(
        host,
        count4,
        count6,
        handle,
        attributes,
        pools4,
        pools6,
        maxBlocksPerHost,
        reservation4,
        reservation6,
        use,
        windows,
        Map.of(),
        0);
  }

  /** One IPv4 address for a workload. */
  public static AssignRequest workload(String host, String handle, Map<String, String> attributes) {
    return new AssignRequest(
        host,
        1,
        0,
        handle,
        attributes,
        List.of(),
        List.of(),
        0,
        null,
        null,
        IntendedUse.WORKLOAD,
        false);
  }

  int count(IpFamily family) {
    return family == IpFamily.IPV4 ? count4 : count6;
  }

  List<Prefix> pools(IpFamily family) {
    return family == IpFamily.IPV4 ? pools4 : pools6;
  }

  @Nullable HostReservation reservation(IpFamily family) {
    return family == IpFamily.IPV4 ? reservation4 : reservation6;
  }

  Block.Attributes owner() {
    return new Block.Attributes(handle, attributes);
  }
}
