package dev.aviary.kubeproxy;

import java.util.List;
import java.util.Map;

/** The node that kube-proxy runs on; {@code addresses} as the API has them, internal ones first. */
public record NodeInput(String name, List<String> addresses, Map<String, String> labels) {
  static final String ZONE = "topology.kubernetes.io/zone";

  public NodeInput {
    addresses = List.copyOf(addresses);
    labels = Map.copyOf(labels);
  }
}
