package dev.aviary.kubeproxy;

import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.util.Locale;

/** The phrases that kube-proxy's rules are made of. */
final class RuleWords {
  static final String SERVICES = "KUBE-SERVICES";
  static final String EXTERNAL_SERVICES = "KUBE-EXTERNAL-SERVICES";
  static final String NODE_PORTS = "KUBE-NODEPORTS";
  static final String PROXY_FIREWALL = "KUBE-PROXY-FIREWALL";
  static final String MASQUERADE = "-j KUBE-MARK-MASQ";
  static final String DROP_LATER = "-j KUBE-MARK-DROP";
  static final String SOURCE_LOCAL = "-m addrtype --src-type LOCAL";
  static final String DESTINATION_LOCAL = "-m addrtype --dst-type LOCAL";

  private RuleWords() {}

  static String comment(String text) {
    return "-m comment --comment \"" + text + "\"";
  }

  /** A comment that is just a name stands without quotes. */
  static String plainComment(String name) {
    return "-m comment --comment " + name;
  }

  static String protocol(ServicePort port) {
    return "-m " + port.protocol() + " -p " + port.protocol();
  }

  static String jump(String chain) {
    return "-j " + chain;
  }

  /** Up to 1.22 an address was written as a net. */
  static String address(String ip, KubeProxyVersion version) {
    if (version.atLeast(23)) {
      return ip;
    }
    var address = IpAddress.of(ip);
    return address + (address.family() == IpFamily.IPV4 ? "/32" : "/128");
  }

  static String to(String ip, int port, KubeProxyVersion version) {
    return "-d " + address(ip, version) + " --dport " + port;
  }

  /** The share of the first of {@code count} endpoints, as long as none before it was taken. */
  static String probability(int count) {
    return String.format(Locale.ROOT, "%.10f", 1.0 / count);
  }

  static String loopback(IpFamily family) {
    return family == IpFamily.IPV4 ? "127.0.0.0/8" : "::1/128";
  }
}
