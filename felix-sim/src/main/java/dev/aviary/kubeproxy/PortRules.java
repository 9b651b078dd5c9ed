package dev.aviary.kubeproxy;

import java.util.ArrayList;
import java.util.List;

/**
 * The rules of one service port, in the order in which kube-proxy writes them. {@code chains} are
 * its own chains of the nat table; the other rules go into chains that all services share.
 */
record PortRules(List<String> chains, List<Line> filter, List<Line> nat) {

  /** A rule: its chain, and what follows {@code -A chain}. */
  record Line(String chain, String rule) {
    String text() {
      return "-A " + chain + " " + rule;
    }
  }

  /** Collects rules while they are made; parts that are empty leave no blank. */
  static final class Builder {
    private final List<String> chains = new ArrayList<>();
    private final List<Line> filter = new ArrayList<>();
    private final List<Line> nat = new ArrayList<>();

    void declare(String chain) {
      if (!chains.contains(chain)) {
        chains.add(chain);
      }
    }

    void filter(String chain, String... parts) {
      filter.add(new Line(chain, joined(parts)));
    }

    void nat(String chain, String... parts) {
      nat.add(new Line(chain, joined(parts)));
    }

    private static String joined(String... parts) {
      var rule = new StringBuilder();
      for (var part : parts) {
        if (!part.isEmpty()) {
          if (!rule.isEmpty()) {
            rule.append(' ');
          }
          rule.append(part);
        }
      }
      return rule.toString();
    }

    PortRules build() {
      return new PortRules(List.copyOf(chains), List.copyOf(filter), List.copyOf(nat));
    }
  }
}
