package dev.aviary.ipam;

import dev.aviary.net.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code calicoctl ipam check -o} wrote: which addresses nobody used then, and which handles
 * had none.
 *
 * @param revision of the cluster's information when it was made
 * @param handles per handle its revision
 */
public record LeakReport(
    String version,
    String clusterGuid,
    String revision,
    Map<IpAddress, ReleaseOption> notInUse,
    Map<String, String> handles) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  public LeakReport {
    notInUse = new LinkedHashMap<>(notInUse);
    handles = new LinkedHashMap<>(handles);
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static LeakReport parse(String text) {
    JsonNode tree;
    try {
      tree = JSON.readTree(text);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
    var notInUse = new LinkedHashMap<IpAddress, ReleaseOption>();
    for (var allocations : tree.path("allocations")) {
      for (var allocation : allocations) {
        if (!allocation.path("inUse").asBoolean(false)) {
          var option = option(allocation);
          notInUse.put(option.address(), option);
        }
      }
    }
    var handles = new LinkedHashMap<String, String>();
    for (var handle : tree.path("leakedHandles")) {
      handles.put(handle.path("ID").asString(""), handle.path("Revision").asString(""));
    }
    return new LeakReport(
        tree.path("version").asString(""),
        tree.path("clusterGUID").asString(""),
        tree.path("clusterInformationRevision").asString(""),
        notInUse,
        handles);
  }

  private static ReleaseOption option(JsonNode allocation) {
    var text = allocation.path("ip").asString("");
    var address =
        IpAddress.parse(text)
            .orElseThrow(() -> new IllegalArgumentException("not an address: '" + text + "'"));
    var number = allocation.get("sequenceNumber");
    return new ReleaseOption(
        address,
        allocation.has("handle") ? allocation.get("handle").asString() : null,
        number == null || number.isNull() ? null : number.bigIntegerValue().longValue());
  }

  /** The addresses that are in every one of {@code reports}, as the last one has them. */
  public static List<ReleaseOption> inAll(List<LeakReport> reports) {
    var found = new ArrayList<ReleaseOption>();
    for (var option : reports.getLast().notInUse.values()) {
      if (reports.stream().allMatch(r -> r.notInUse.containsKey(option.address()))) {
        found.add(option);
      }
    }
    return found;
  }

  /** The handles that every one of {@code reports} has at the same revision. */
  public static Map<String, String> handlesInAll(List<LeakReport> reports) {
    var found = new LinkedHashMap<String, String>();
    reports
        .getLast()
        .handles
        .forEach(
            (handle, revision) -> {
              if (reports.stream().allMatch(r -> revision.equals(r.handles.get(handle)))) {
                found.put(handle, revision);
              }
            });
    return found;
  }
}
