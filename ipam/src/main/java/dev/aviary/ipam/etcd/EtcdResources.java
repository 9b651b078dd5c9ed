package dev.aviary.ipam.etcd;

import dev.aviary.ipam.IpamException;
import dev.aviary.ipam.ResourceKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Resources of Calico's API in etcd, under Calico's keys: each is its JSON. */
public final class EtcdResources {
  /** What the keys of all resources begin with. */
  public static final String PREFIX = "/calico/resources/v3/projectcalico.org/";

  private static final String INFORMATION = "ClusterInformation";
  private static final Logger log = LoggerFactory.getLogger(EtcdResources.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** A resource as it stands. */
  public record Text(String key, String json) {}

  /**
   * What the cluster's ClusterInformation says.
   *
   * @param ready false while the datastore is locked for a migration
   * @param revision of its key
   */
  public record Information(String guid, boolean ready, long revision) {}

  private final EtcdClient etcd;

  public EtcdResources(EtcdClient etcd) {
    this.etcd = etcd;
  }

  /** Writes one; what is there already stays if {@code ifAbsent}. */
  public void put(String kind, String name, String json, boolean ifAbsent) throws IpamException {
    etcd.put(ResourceKeys.path(kind, "", name), json, ifAbsent);
  }

  /** Takes one away. */
  public void remove(String kind, String name) throws IpamException {
    etcd.remove(ResourceKeys.path(kind, "", name));
  }

  /** All of one kind, in the order of their names. */
  public List<Text> all(String kind) throws IpamException {
    var found = new ArrayList<Text>();
    for (var entry : etcd.list(ResourceKeys.prefix(kind))) {
      found.add(new Text(entry.key(), entry.value()));
    }
    return found;
  }

  /** What is known of the cluster; empty if nobody has written it, or it is not Calico's. */
  public Optional<Information> information() throws IpamException {
    var stored = etcd.get(ResourceKeys.path(INFORMATION, "", "default"));
    if (stored == null) {
      return Optional.empty();
    }
    try {
      var spec = JSON.readTree(stored.value()).path("spec");
      return Optional.of(
          new Information(
              spec.path("clusterGUID").asString(""),
              spec.path("datastoreReady").asBoolean(false),
              stored.revision()));
    } catch (JacksonException e) {
      log.warn("left alone: {}: not JSON: {}", stored.key(), e.getOriginalMessage());
      return Optional.empty();
    }
  }

  /** Writes what is known of the cluster; what is there already stays if {@code ifAbsent}. */
  public void inform(String guid, boolean ready, boolean ifAbsent) throws IpamException {
    var spec = new LinkedHashMap<String, Object>();
    spec.put("clusterGUID", guid);
    spec.put("clusterType", "k8s,bgp");
    spec.put("datastoreReady", ready);
    var resource = new LinkedHashMap<String, Object>();
    resource.put("kind", INFORMATION);
    resource.put("apiVersion", "projectcalico.org/v3");
    resource.put("metadata", Map.of("name", "default"));
    resource.put("spec", spec);
    put(INFORMATION, "default", JSON.writeValueAsString(resource), ifAbsent);
  }
}
