package dev.aviary.kubeproxy;

import dev.aviary.kubeproxy.PortRules.Line;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A whole {@code iptables-restore --noflush} text: every chain that kube-proxy has, in full. */
final class RestoreText {
  private RestoreText() {}

  /** {@code stale} are chains of the nat table to delete. */
  static String full(SharedRules shared, Collection<PortRules> ports, Collection<String> stale) {
    var text = new StringBuilder();
    text.append("*filter\n");
    declare(text, shared.filterChains());
    lines(text, shared.filterStart());
    ports.forEach(port -> lines(text, port.filter()));
    lines(text, shared.filterEnd());
    text.append("COMMIT\n*nat\n");
    Set<String> chains = new LinkedHashSet<>(SharedRules.natChains());
    ports.forEach(port -> chains.addAll(port.chains()));
    declare(text, chains);
    declare(text, stale);
    lines(text, shared.natStart());
    ports.forEach(port -> lines(text, port.nat()));
    stale.forEach(chain -> text.append("-X ").append(chain).append('\n'));
    lines(text, shared.natEnd());
    return text.append("COMMIT\n").toString();
  }

  static void declare(StringBuilder text, Collection<String> chains) {
    for (var chain : chains) {
      text.append(':').append(chain).append(" - [0:0]\n");
    }
  }

  static void lines(StringBuilder text, List<Line> lines) {
    for (var line : lines) {
      text.append("-A ").append(line.chain()).append(' ').append(line.rule()).append('\n');
    }
  }
}
