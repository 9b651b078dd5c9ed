package dev.aviary.kernel;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Settings by their dotted names. Those of an interface live at {@code net.ipv4.conf.NAME.*},
 * {@code net.ipv4.neigh.NAME.*} and {@code net.ipv6.conf.NAME.*}; "all" and "default" are there as
 * well.
 */
public final class Sysctls {
  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("net.ipv4.ip_local_port_range", "32768\t60999"),
          Map.entry("net.ipv4.ip_default_ttl", "64"),
          Map.entry("net.ipv4.icmp_ratelimit", "1000"),
          Map.entry("net.ipv4.icmp_ratemask", "6168"),
          Map.entry("net.ipv4.icmp_msgs_per_sec", "1000"),
          Map.entry("net.ipv4.icmp_msgs_burst", "50"),
          Map.entry("net.ipv4.icmp_echo_ignore_all", "0"),
          Map.entry("net.ipv4.icmp_echo_ignore_broadcasts", "1"),
          Map.entry("net.ipv4.ip_nonlocal_bind", "0"),
          Map.entry("net.ipv4.ip_no_pmtu_disc", "0"),
          Map.entry("net.ipv4.fib_multipath_hash_policy", "0"),
          Map.entry("net.ipv6.icmp.ratelimit", "1000"),
          Map.entry("net.ipv6.ip_nonlocal_bind", "0"),
          Map.entry("net.ipv6.bindv6only", "0"),
          Map.entry("net.bridge.bridge-nf-call-iptables", "1"),
          Map.entry("net.bridge.bridge-nf-call-ip6tables", "1"),
          Map.entry("net.ipv4.ipfrag_time", "30"),
          Map.entry("net.ipv6.ip6frag_time", "60"),
          Map.entry("net.netfilter.nf_conntrack_frag6_timeout", "60"),
          Map.entry("net.netfilter.nf_conntrack_generic_timeout", "600"),
          Map.entry("net.netfilter.nf_conntrack_gre_timeout", "30"),
          Map.entry("net.netfilter.nf_conntrack_gre_timeout_stream", "180"),
          Map.entry("net.netfilter.nf_conntrack_icmp_timeout", "30"),
          Map.entry("net.netfilter.nf_conntrack_icmpv6_timeout", "30"),
          Map.entry("net.netfilter.nf_conntrack_sctp_timeout_closed", "10"),
          Map.entry("net.netfilter.nf_conntrack_sctp_timeout_cookie_echoed", "3"),
          Map.entry("net.netfilter.nf_conntrack_sctp_timeout_cookie_wait", "3"),
          Map.entry("net.netfilter.nf_conntrack_sctp_timeout_established", "210"),
          Map.entry("net.netfilter.nf_conntrack_sctp_timeout_heartbeat_sent", "30"),
          Map.entry("net.netfilter.nf_conntrack_sctp_timeout_shutdown_ack_sent", "3"),
          Map.entry("net.netfilter.nf_conntrack_sctp_timeout_shutdown_recd", "3"),
          Map.entry("net.netfilter.nf_conntrack_sctp_timeout_shutdown_sent", "3"),
          Map.entry("net.netfilter.nf_conntrack_tcp_timeout_close", "10"),
          Map.entry("net.netfilter.nf_conntrack_tcp_timeout_close_wait", "60"),
          Map.entry("net.netfilter.nf_conntrack_tcp_timeout_established", "432000"),
          Map.entry("net.netfilter.nf_conntrack_tcp_timeout_fin_wait", "120"),
          Map.entry("net.netfilter.nf_conntrack_tcp_timeout_last_ack", "30"),
          Map.entry("net.netfilter.nf_conntrack_tcp_timeout_max_retrans", "300"),
          Map.entry("net.netfilter.nf_conntrack_tcp_timeout_syn_recv", "60"),
          Map.entry("net.netfilter.nf_conntrack_tcp_timeout_syn_sent", "120"),
          Map.entry("net.netfilter.nf_conntrack_tcp_timeout_time_wait", "120"),
          Map.entry("net.netfilter.nf_conntrack_tcp_timeout_unacknowledged", "300"),
          Map.entry("net.netfilter.nf_conntrack_udp_timeout", "30"),
          Map.entry("net.netfilter.nf_conntrack_udp_timeout_stream", "120"),
          Map.entry("net.netfilter.nf_conntrack_tcp_loose", "1"),
          Map.entry("net.netfilter.nf_conntrack_tcp_be_liberal", "0"),
          Map.entry("net.netfilter.nf_conntrack_max", "262144"));

  private static final List<String> IPV6_NAMES =
      List.of("forwarding", "disable_ipv6", "proxy_ndp", "accept_ra");

  private final Map<String, String> values = new TreeMap<>(DEFAULTS);
  private final Map<String, InterfaceConf> interfaces = new LinkedHashMap<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<String, Integer> conntrackNumbers = new HashMap<>();
  private final InterfaceConf all = new InterfaceConf();
  private final InterfaceConf byDefault = new InterfaceConf();
  private Runnable changed = () -> {};

  Sysctls() {
    interfaces.put("all", all);
    interfaces.put("default", byDefault);
  }

  void onChange(Runnable changed) {
    this.changed = changed;
  }

  InterfaceConf all() {
    return all;
  }

  /** The settings of a new interface: a copy of the default ones. */
  InterfaceConf add(String device) {
    var conf = InterfaceConf.copyOf(byDefault);
    interfaces.put(device, conf);
    return conf;
  }

  void remove(String device) {
    interfaces.remove(device);
  }

  void rename(String before, String after) {
    var conf = interfaces.remove(before);
    if (conf != null) {
      interfaces.put(after, conf);
    }
  }

  /** The value, as {@code sysctl -n} prints it; empty where there is no such setting. */
  public Optional<String> get(String name) {
    var key = name.replace('/', '.');
    if (key.equals("net.ipv4.ip_forward")) {
      return Optional.of(Integer.toString(all.forwarding));
    }
    var at = locate(key);
    if (at != null) {
      return Optional.of(Integer.toString(at.get()));
    }
    return Optional.ofNullable(values.get(key));
  }

  /** The value as a number; 0 where there is no such setting. */
  public int number(String name) {
    var known = numbers.get(name);
    if (known != null) {
      return known;
    }
    int number = get(name).map(text -> Integer.parseInt(text.strip())).orElse(0);
    numbers.put(name, number);
    return number;
  }

  /** A number below {@code net.netfilter.nf_conntrack_}, by the rest of its name. */
  int conntrack(String name) {
    var known = conntrackNumbers.get(name);
    if (known != null) {
      return known;
    }
    int number = number("net.netfilter.nf_conntrack_" + name);
    conntrackNumbers.put(name, number);
    return number;
  }

  /**
   * Sets it. {@code ip_forward} and {@code all.forwarding} set every interface's forwarding too.
   *
   * @return false if there is no such setting or the value does not suit it
   */
  public boolean set(String name, String value) {
    var key = name.replace('/', '.');
    boolean done = change(key, value.strip());
    numbers.clear();
    conntrackNumbers.clear();
    if (done) {
      changed.run();
    }
    return done;
  }

  /** As {@link #set(String, String)}. */
  public boolean set(String name, int value) {
    return set(name, Integer.toString(value));
  }

  private boolean change(String key, String value) {
    boolean forward4 =
        key.equals("net.ipv4.ip_forward") || key.equals("net.ipv4.conf.all.forwarding");
    boolean forward6 = key.equals("net.ipv6.conf.all.forwarding");
    var at = locate(key);
    if (at == null && !forward4) {
      return values.containsKey(key) && values.replace(key, value) != null;
    }
    int number;
    try {
      number = Integer.parseInt(value);
    } catch (NumberFormatException _) {
      return false;
    }
    boolean changes = !forward4 || all.forwarding != number;
    if (!changes || (forward6 && all.forwarding6 == number)) {
      return true; // the kernel acts on a change only
    }
    for (var conf : interfaces.values()) {
      if (forward4) {
        conf.forwarding = number;
      } else if (forward6) {
        conf.forwarding6 = number;
      }
    }
    if (at != null) {
      at.set(number);
    }
    return true;
  }

  /** Every setting's name and value, by name. */
  public Map<String, String> list() {
    var list = new TreeMap<>(values);
    list.put("net.ipv4.ip_forward", Integer.toString(all.forwarding));
    interfaces.forEach(
        (device, conf) -> {
          for (var name : InterfaceConf.IPV4_NAMES) {
            list.put("net.ipv4.conf." + device + "." + name, Integer.toString(conf.get(name)));
          }
          for (var name : IPV6_NAMES) {
            var key = "net.ipv6.conf." + device + "." + name;
            get(key).ifPresent(value -> list.put(key, value));
          }
          list.put("net.ipv4.neigh." + device + ".proxy_delay", Integer.toString(conf.proxyDelay));
        });
    return list;
  }

  private record Place(InterfaceConf conf, String kind, String name) {
    int get() {
      return switch (kind) {
        case "net.ipv4.conf." -> conf.get(name);
        case "net.ipv4.neigh." -> conf.proxyDelay;
        default ->
            switch (name) {
              case "forwarding" -> conf.forwarding6;
              case "disable_ipv6" -> conf.disableIpv6;
              case "proxy_ndp" -> conf.proxyNdp;
              default -> conf.acceptRa;
            };
      };
    }

    void set(int value) {
      switch (kind) {
        case "net.ipv4.conf." -> conf.set(name, value);
        case "net.ipv4.neigh." -> conf.proxyDelay = value;
        default -> {
          switch (name) {
            case "forwarding" -> conf.forwarding6 = value;
            case "disable_ipv6" -> conf.disableIpv6 = value;
            case "proxy_ndp" -> conf.proxyNdp = value;
            default -> conf.acceptRa = value;
          }
        }
      }
    }
  }

  private @Nullable Place locate(String key) {
    for (var kind : List.of("net.ipv4.conf.", "net.ipv4.neigh.", "net.ipv6.conf.")) {
      if (key.startsWith(kind)) {
        int dot = key.lastIndexOf('.');
        if (dot <= kind.length()) {
          return null;
        }
        var conf = interfaces.get(key.substring(kind.length(), dot));
        var name = key.substring(dot + 1);
        boolean known =
            switch (kind) {
              case "net.ipv4.conf." -> InterfaceConf.IPV4_NAMES.contains(name);
              case "net.ipv4.neigh." -> name.equals("proxy_delay");
              default -> IPV6_NAMES.contains(name);
            };
        return conf != null && known ? new Place(conf, kind, name) : null;
      }
    }
    return null;
  }
}
