package dev.aviary.kernel.netfilter;

import java.util.Map;

/** The names of {@code /etc/services} that {@code -L} prints where it is not told "-n". */
final class PortNames {
  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(7, "echo"),
          Map.entry(9, "discard"),
          Map.entry(13, "daytime"),
          Map.entry(20, "ftp-data"),
          Map.entry(21, "ftp"),
          Map.entry(22, "ssh"),
          Map.entry(23, "telnet"),
          Map.entry(25, "smtp"),
          Map.entry(37, "time"),
          Map.entry(53, "domain"),
          Map.entry(67, "bootps"),
          Map.entry(68, "bootpc"),
          Map.entry(69, "tftp"),
          Map.entry(79, "finger"),
          Map.entry(80, "http"),
          Map.entry(88, "kerberos"),
          Map.entry(110, "pop3"),
          Map.entry(111, "sunrpc"),
          Map.entry(123, "ntp"),
          Map.entry(143, "imap2"),
          Map.entry(161, "snmp"),
          Map.entry(162, "snmp-trap"),
          Map.entry(179, "bgp"),
          Map.entry(389, "ldap"),
          Map.entry(443, "https"),
          Map.entry(445, "microsoft-ds"),
          Map.entry(465, "submissions"),
          Map.entry(514, "shell"),
          Map.entry(587, "submission"),
          Map.entry(636, "ldaps"),
          Map.entry(873, "rsync"),
          Map.entry(993, "imaps"),
          Map.entry(995, "pop3s"),
          Map.entry(2049, "nfs"),
          Map.entry(2379, "etcd-client"),
          Map.entry(2380, "etcd-server"),
          Map.entry(3306, "mysql"),
          Map.entry(5432, "postgresql"),
          Map.entry(6379, "redis"),
          Map.entry(8080, "http-alt"));

  private PortNames() {}

  static String text(int port, boolean numeric) {
    var name = numeric ? null : NAMES.get(port);
    return name == null ? Integer.toString(port) : name;
  }
}
