package dev.aviary.it.bench;

import dev.aviary.kubeproxy.EndpointSlice;
import dev.aviary.kubeproxy.KubeProxyConfig;
import dev.aviary.kubeproxy.KubeProxyVersion;
import dev.aviary.kubeproxy.LocalTraffic;
import dev.aviary.kubeproxy.NodeInput;
import dev.aviary.kubeproxy.Service;
import dev.aviary.kubeproxy.ServiceInputs;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A thousand services with ten endpoints each on other nodes; service i has node port 30000+i. */
final class ManyServices {
  static final int SERVICES = 1000;
  static final int ENDPOINTS = 10;
  static final int FIRST_NODE_PORT = 30000;
  static final String NODE_ADDRESS = "192.168.0.1";

  private ManyServices() {}

  static KubeProxyConfig config() {
    return KubeProxyConfig.of(
        KubeProxyVersion.standard(), new LocalTraffic.ClusterCidr(Prefix.of("10.244.0.0/16")));
  }

  /** All of them; service 0 without its last endpoint where {@code oneLess}. */
  static ServiceInputs inputs(boolean oneLess) {
    var services = new ArrayList<Service>();
    var slices = new ArrayList<EndpointSlice>();
    for (int i = 0; i < SERVICES; i++) {
      services.add(
          Service.clusterIp(
              "ns",
              "service-" + i,
              "10.96." + (i >> 8) + "." + (i & 255),
              List.of(new Service.Port("http", "TCP", 80, FIRST_NODE_PORT + i))));
      slices.add(slice(i, oneLess && i == 0 ? ENDPOINTS - 1 : ENDPOINTS));
    }
    return new ServiceInputs(
        new NodeInput("node1", List.of(NODE_ADDRESS), Map.of()), services, slices);
  }

  private static EndpointSlice slice(int service, int endpoints) {
    var addresses = new ArrayList<EndpointSlice.Endpoint>();
    for (int i = 0; i < endpoints; i++) {
      int pod = service * ENDPOINTS + i;
      addresses.add(
          EndpointSlice.Endpoint.ready(
              "10.244." + (128 + (pod >> 8)) + "." + (pod & 255), "node2"));
    }
    return new EndpointSlice(
        "ns",
        "service-" + service,
        "service-" + service + "-1",
        IpFamily.IPV4,
        addresses,
        List.of(new EndpointSlice.Port("http", "TCP", 8080)));
  }
}
