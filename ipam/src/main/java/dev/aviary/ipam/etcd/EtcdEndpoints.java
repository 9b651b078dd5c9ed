package dev.aviary.ipam.etcd;

import dev.aviary.ipam.IpamException;
import dev.aviary.ipam.ResourceKeys;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Workload endpoints in etcd, as Calico's API keeps them: which pod runs where, and with which
 * addresses.
 */
public final class EtcdEndpoints {
  private static final String KIND = "WorkloadEndpoint";

  /** What their keys begin with. */
  public static final String PREFIX = ResourceKeys.prefix(KIND);

  private static final Logger log = LoggerFactory.getLogger(EtcdEndpoints.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** A pod that runs. */
  public record Endpoint(
      String namespace, String pod, String node, String interfaceName, List<IpAddress> addresses) {
    public Endpoint {
      addresses = List.copyOf(addresses);
    }

    /** Dashes part the name, so those inside its parts are doubled. */
    String name() {
      return "%s-k8s-%s-eth0".formatted(node.replace("-", "--"), pod.replace("-", "--"));
    }

    String key() {
      return ResourceKeys.path(KIND, namespace, name());
    }
  }

  private final EtcdClient etcd;

  public EtcdEndpoints(EtcdClient etcd) {
    this.etcd = etcd;
  }

  /** Writes one, whatever was there. */
  public void put(Endpoint endpoint) throws IpamException {
    var spec = new LinkedHashMap<String, Object>();
    spec.put("orchestrator", "k8s");
    spec.put("node", endpoint.node());
    spec.put("pod", endpoint.pod());
    spec.put("endpoint", "eth0");
    spec.put(
        "ipNetworks", endpoint.addresses().stream().map(a -> a.toPrefix().toString()).toList());
    spec.put("interfaceName", endpoint.interfaceName());
    var resource = new LinkedHashMap<String, Object>();
    resource.put("kind", KIND);
    resource.put("apiVersion", "projectcalico.org/v3");
    resource.put("metadata", Map.of("name", endpoint.name(), "namespace", endpoint.namespace()));
    resource.put("spec", spec);
    etcd.put(endpoint.key(), JSON.writeValueAsString(resource), false);
  }

  /** Takes one away. */
  public void remove(Endpoint endpoint) throws IpamException {
    etcd.remove(endpoint.key());
  }

  /** All of them; what is none is left out, and said. */
  public List<Endpoint> all() throws IpamException {
    var found = new ArrayList<Endpoint>();
    for (var entry : etcd.list(PREFIX)) {
      try {
        found.add(read(JSON.readTree(entry.value())));
      } catch (JacksonException | IllegalArgumentException e) {
        log.warn("left out: {}: {}", entry.key(), e.getMessage());
      }
    }
    return found;
  }

  private static Endpoint read(JsonNode tree) {
    var spec = tree.path("spec");
    var addresses = new ArrayList<IpAddress>();
    for (var network : spec.path("ipNetworks")) {
      addresses.add(Prefix.of(network.asString("")).address());
    }
    return new Endpoint(
        tree.path("metadata").path("namespace").asString(""),
        spec.path("pod").asString(""),
        spec.path("node").asString(""),
        spec.path("interfaceName").asString(""),
        addresses);
  }
}
