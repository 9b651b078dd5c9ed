package dev.aviary.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * Two hosts and a router as namespaces of the machine's own kernel. Nothing in it waits for a time
 * to pass that the kernel counts in: one process per host sends everything at once and reads what
 * comes within half a second, which is less than the second after which TCP sends again; a run that
 * took longer, as on a machine that stood still, says so and is made again. All of it runs on one
 * processor, on which packets keep their order.
 */
final class RealLab {
  private static final String LATE = "late";
  private static final int MOST_RUNS = 5;
  private static final String PROBER =
      """
      use strict; use Socket qw(:DEFAULT inet_pton getaddrinfo IPPROTO_TCP);
      use IO::Poll qw(POLLIN POLLOUT POLLERR); use Fcntl; use Errno qw(EINPROGRESS);
      use Time::HiRes qw(time);
      sub end { my ($a, $p) = @_; $a =~ /:/ ? pack_sockaddr_in6($p, inet_pton(AF_INET6, $a))
                                            : pack_sockaddr_in($p, inet_pton(AF_INET, $a)) }
      my %names = map { my $n = $_; (Errno->$n() => $n) } grep { !/WOULDBLOCK/ } keys %!;
      sub name { $names{0 + $_[0]} // 0 + $_[0] }
      sub sum { my $s = 0; $s += $_ for unpack('n*', $_[0]);
                $s = ($s & 0xffff) + ($s >> 16) while $s >> 16; ~$s & 0xffff }
      my $start = time; my (%open, %done); my $poll = IO::Poll->new;
      while (<STDIN>) {
        my ($proto, $from, $port, $to, $dport) = split;
        my $v6 = $to =~ /:/; my $icmp = $proto eq 'icmp';
        socket(my $s, $v6 ? PF_INET6 : PF_INET,
               $proto eq 'tcp' ? SOCK_STREAM : $icmp ? SOCK_RAW : SOCK_DGRAM,
               $icmp ? ($v6 ? 58 : 1) : 0) or die $!;
        bind($s, end($from, $icmp ? 0 : $port)) or die "bind $from $port: $!";
        fcntl($s, F_SETFL, O_NONBLOCK);
        # IP_RECVERR; TCP would take an error about its ACK for one of the connection
        setsockopt($s, $v6 ? 41 : 0, $v6 ? 25 : 11, pack('i', 1)) unless $proto eq 'tcp';
        unless (connect($s, end($to, $icmp ? 0 : $dport)) || $! == EINPROGRESS) {
          $done{$port} = $proto eq 'udp' ? name($!) : '-'; next }
        if ($proto ne 'tcp') {
          my $data = 'x';
          if ($icmp) {
            $data = pack('CCnnna*', $v6 ? 128 : 8, 0, 0, $port, 1, 'x' x 8);
            substr($data, 2, 2) = pack('n', sum($data)) unless $v6;
          }
          # A refusal may come back as an error that says more, but later.
          $done{$port} = $icmp ? '-' : name($!) unless defined send($s, $data, 0);
        }
        $open{fileno $s} = [$s, $proto, $port, $v6];
        $poll->mask($s => $proto eq 'tcp' ? POLLOUT : POLLIN);
      }
      while (%open && (my $left = $start + 0.5 - time) > 0) {
        $poll->poll($left);
        for my $f (keys %open) {
          my ($s, $proto, $port, $v6) = @{$open{$f}};
          my $events = $poll->events($s) or next;
          if ($proto eq 'tcp') {
            # SO_ERROR also tells what an ICMP error said of a connection that stands.
            my $up = defined getpeername $s;
            $done{$port} = $up ? 'ok' : '-';
            setsockopt($s, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0)) if $up;
          } else {
            my $got = recv($s, my $data, 2000, 0);
            if ($proto eq 'icmp') {
              next unless defined $got;
              my $at = $v6 ? 0 : 4 * (ord($data) & 15);
              my ($type, $id) = unpack('C x3 n', substr($data, $at));
              next unless $type == ($v6 ? 129 : 0) && $id == $port;
            }
            $done{$port} = defined $got ? 'ok' : name($!);
          }
          $poll->remove($s); delete $open{$f}; close $s;
        }
      }
      $done{$open{$_}[2]} //= '-' for keys %open;
      my $took = time - $start;
      print "outcome $_ $done{$_}\\n" for sort keys %done;
      print "late\\n" if $took > 0.9;
      """;
  private static final String SERVER =
      """
      use strict; use Socket qw(:DEFAULT inet_pton); use IO::Poll qw(POLLIN);
      my ($ports, @addresses) = @ARGV; my $poll = IO::Poll->new; my @keep; my %udp;
      for my $a (@addresses) { for my $p (split /,/, $ports) {
        my $v6 = $a =~ /:/;
        my $end = $v6 ? pack_sockaddr_in6($p, inet_pton(AF_INET6, $a))
                      : pack_sockaddr_in($p, inet_pton(AF_INET, $a));
        socket(my $t, $v6 ? PF_INET6 : PF_INET, SOCK_STREAM, 0) or die $!;
        bind($t, $end) or die "bind $a $p: $!"; listen($t, 1000) or die $!;
        socket(my $u, $v6 ? PF_INET6 : PF_INET, SOCK_DGRAM, 0) or die $!;
        bind($u, $end) or die "bind $a $p: $!";
        push @keep, $t; $udp{fileno $u} = $u; $poll->mask($u => POLLIN);
      } }
      $| = 1; print "ready\\n";
      while (1) {
        $poll->poll;
        for my $u (values %udp) {
          next unless $poll->events($u);
          my $from = recv($u, my $data, 2000, 0);
          send($u, 'y', 0, $from) if defined $from && $data eq 'x'; # no echo of echoes
        }
      }
      """;

  private final LabAddresses lab;
  private final Path folder;

  RealLab(LabAddresses lab, Path folder) {
    this.lab = lab;
    this.folder = folder;
  }

  /** True if a refusal's errno is compared: a raw socket has none here. */
  static boolean isTold(RandomLab.Sent sent) {
    return sent.protocol().equals("udp");
  }

  /** Rules with their counters, and policies with theirs, but not those that guard the lab. */
  static List<String> counters(String saved) {
    return saved
        .lines()
        .filter(line -> line.startsWith("[") || line.matches(":[A-Z]+ (ACCEPT|DROP) .*"))
        .filter(line -> !line.contains(" ! -s ") || !line.endsWith(" -j ACCEPT"))
        .map(String::strip)
        .sorted()
        .toList();
  }

  /** Connections without what time changes. */
  static List<String> connections(String listed) {
    return listed
        .lines()
        .filter(line -> !line.isBlank())
        .map(line -> line.replaceAll(" +", " ").strip())
        .map(line -> line.replaceFirst("^(ipv\\d \\d+ \\w+ \\d+) \\d+", "$1"))
        .map(line -> line.replaceFirst(" zone=0 use=\\d+$", ""))
        // Of two that would have the same port below 512 the first keeps it, and the other gets a
        // random one below 512; who is first is up to the processes.
        .map(line -> line.replaceAll("(src.* src.* )dport=\\d{1,3} ", "$1dport=* "))
        .sorted()
        .toList();
  }

  private String script() {
    var v6 = !lab.isV4();
    var tables = v6 ? "ip6tables-legacy" : "iptables-legacy";
    var script =
        new StringBuilder(
            "set -e\ntrap 'kill $servers' EXIT\nmount -t tmpfs none /run; mkdir /run/netns\n");
    // On one processor: a client's RST, sent by its process, could pass its ACK, sent by the
    // kernel.
    script.append(
        "cpu=$(taskset -pc $$); cpu=${cpu##*: }; taskset -pc ${cpu%%[-,]*} $$ >/dev/null\n");
    script.append("for n in a r b; do ip netns add $n; ip -n $n link set lo up; done\n");
    script.append(
        """
        for n in a r b; do
          ip netns exec $n sysctl -qw net.ipv4.icmp_ratemask=0 net.ipv4.icmp_msgs_per_sec=100000 \
            net.ipv4.icmp_msgs_burst=10000 net.ipv6.icmp.ratelimit=0 net.ipv4.tcp_synack_retries=0 \
            net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 \
            net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.default.send_redirects=0 \
            net.ipv4.ip_no_pmtu_disc=0 net.ipv6.conf.default.accept_dad=0 \
            net.ipv6.conf.default.router_solicitations=0
        done
        ip netns exec r sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
        ip -n r link add r0 address 02:00:00:00:00:02 type veth \
          peer name a0 address 02:00:00:00:00:01 netns a
        ip -n r link add r1 address 02:00:00:00:00:03 type veth \
          peer name b0 address 02:00:00:00:00:04 netns b
        ip -n a link set a0 up; ip -n b link set b0 up; ip -n r link set r0 up
        ip -n r link set r1 up
        """);
    addresses(script, "a", "a0", lab.a());
    addresses(script, "r", "r0", lab.r().subList(0, 1));
    addresses(script, "r", "r1", lab.r().subList(1, 2));
    addresses(script, "b", "b0", lab.b());
    neighbors(script, "r", "r0", 1, lab.a());
    neighbors(script, "r", "r1", 4, lab.b());
    neighbors(script, "r", "r1", 4, List.of(lab.nobody()));
    neighbors(script, "a", "a0", 2, List.of(lab.r().getFirst()));
    neighbors(script, "b", "b0", 3, List.of(lab.r().getLast()));
    var ip = v6 ? "ip -6" : "ip";
    script.append(ip).append(" -n a route add default via ").append(lab.r().getFirst());
    script.append(" dev a0\n").append(ip).append(" -n b route add default via ");
    script.append(lab.r().getLast()).append(" dev b0\n");
    server(script, "b", "53,80,443", lab.b());
    server(script, "a", "80", lab.a());
    server(script, "r", "80", lab.r());
    script.append("for n in a r b; do until grep -q ready $n.ready; do :; done; done\n");
    script.append("ip netns exec r ipset restore < sets\n");
    script.append("ip netns exec r ").append(tables).append("-restore < tables\n");
    script.append("for n in a r b; do ip netns exec $n perl prober < $n.probes > $n.out &\n");
    script.append("  pids=\"$pids $!\"; done; wait $pids\n");
    script.append("before=; now=x; until [ \"$before\" = \"$now\" ]; do before=$now;\n");
    script.append("  now=$(ip netns exec r ").append(tables).append("-save -c | grep -v '^#');");
    script.append(" done\ncat a.out r.out b.out; echo \"$now\"; echo connections\n");
    script.append("ip netns exec r cat /proc/net/nf_conntrack\n");
    return script.toString();
  }

  private void addresses(StringBuilder script, String host, String device, List<String> all) {
    for (var address : all) {
      script.append("ip -n ").append(host).append(" addr add ").append(address);
      script.append('/').append(lab.length()).append(" dev ").append(device);
      script.append(lab.isV4() ? "\n" : " nodad\n");
    }
  }

  private static void neighbors(
      StringBuilder script, String host, String device, int mac, List<String> all) {
    for (var address : all) {
      script.append("ip -n ").append(host).append(" neigh add ").append(address);
      script.append(" lladdr 02:00:00:00:00:0").append(mac).append(" dev ").append(device);
      script.append(" nud permanent\n");
    }
  }

  private static void server(StringBuilder script, String host, String ports, List<String> all) {
    script.append("ip netns exec ").append(host).append(" perl server ").append(ports);
    script.append(' ').append(String.join(" ", all)).append(" > ").append(host);
    script.append(".ready 2>&1 & servers=\"$servers $!\"\n");
  }

  /** What the real kernel makes of it: outcomes, counters, connections, a line each. */
  List<String> run(String sets, String tables, List<RandomLab.Sent> probes) throws Exception {
    Files.writeString(folder.resolve("sets"), sets);
    Files.writeString(folder.resolve("tables"), tables);
    Files.writeString(folder.resolve("prober"), PROBER);
    Files.writeString(folder.resolve("server"), SERVER);
    for (var host : List.of("a", "r", "b")) {
      var lines = new StringBuilder();
      for (var sent : probes) {
        if (sent.from().equals(host)) {
          lines.append(String.join(" ", sent.protocol(), sent.source(), "" + sent.port()));
          lines.append(' ').append(sent.to()).append(' ').append(sent.toPort()).append('\n');
        }
      }
      Files.writeString(folder.resolve(host + ".probes"), lines.toString());
      Files.writeString(folder.resolve(host + ".ready"), "");
    }
    String said = LATE;
    for (int i = 0; i < MOST_RUNS && said.lines().anyMatch(LATE::equals); i++) {
      said =
          RealHost.run(
              script(),
              folder,
              "ip",
              "ipset",
              "perl",
              lab.isV4() ? "iptables-legacy-restore" : "ip6tables-legacy-restore");
    }
    if (said.lines().anyMatch(LATE::equals)) {
      throw new IllegalStateException(
          "this machine stood still for a second, " + MOST_RUNS + " times");
    }
    var parts = said.split("(?m)^connections$", 2);
    var lines = new ArrayList<String>();
    var untold = new HashSet<String>();
    probes.stream().filter(sent -> !isTold(sent)).forEach(sent -> untold.add("" + sent.port()));
    for (var line : said.lines().filter(line -> line.startsWith("outcome ")).sorted().toList()) {
      var words = line.split(" ", -1);
      boolean hidden = untold.contains(words[1]) && !words[2].equals("ok");
      lines.add(hidden ? "outcome " + words[1] + " -" : line);
    }
    lines.addAll(counters(parts[0]));
    lines.addAll(connections(parts[1]));
    return lines;
  }
}
