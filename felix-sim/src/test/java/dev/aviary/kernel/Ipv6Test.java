package dev.aviary.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import org.junit.jupiter.api.Test;

class Ipv6Test {
  private static final IpAddress B = IpAddress.of("fd00:2::2");

  private final TwoHosts lab = new TwoHosts();

  Ipv6Test() {
    address(lab.a, "eth0", "fd00:1::2");
    address(lab.r, "eth1", "fd00:1::1");
    address(lab.r, "eth2", "fd00:2::1");
    address(lab.b, "eth0", "fd00:2::2");
    lab.r.sysctls().set("net.ipv6.conf.all.forwarding", 1);
    byDefault(lab.a, "fd00:1::1");
    byDefault(lab.b, "fd00:2::1");
  }

  private static void address(Kernel host, String link, String address) {
    host.links().addAddress(link, InterfaceAddress.of(IpAddress.of(address), 64, link));
  }

  private static void byDefault(Kernel host, String gateway) {
    host.addRoute(
        KernelRoute.via(KernelRoute.everything(IpFamily.IPV6), IpAddress.of(gateway), "eth0"));
  }

  @Test
  void hostsTalkThroughARouter() {
    assertThat(lab.ask(Probe.ping(B))).isInstanceOf(Outcome.Answered.class);
    assertThat(lab.ask(Probe.tcp(B, 80))).isInstanceOf(Outcome.Answered.class);
  }

  @Test
  void closedPortsAndMissingRoutesAreReported() {
    assertThat(lab.ask(Probe.udp(B, 9))).isEqualTo(new Outcome.Refused("ECONNREFUSED"));
    assertThat(lab.ask(Probe.udp(IpAddress.of("fd00:3::1"), 9)))
        .isInstanceOfSatisfying(
            Outcome.Failed.class, failed -> assertThat(failed.errno()).isEqualTo("ENETUNREACH"));
  }

  @Test
  void translationWorksAsInIpv4() throws RestoreException {
    lab.r.iptablesRestore(
        IpFamily.IPV6,
        "*nat\n-A PREROUTING -d fd00:50::1/128 -p tcp -m tcp --dport 8080 -j DNAT"
            + " --to-destination [fd00:2::2]:80\n-A POSTROUTING -o eth2 -j MASQUERADE\nCOMMIT\n",
        false);
    var service = IpAddress.of("fd00:50::1");
    assertThat(lab.ask(Probe.tcp(service, 8080)))
        .isInstanceOfSatisfying(
            Outcome.Answered.class,
            answer -> assertThat(answer.from()).isEqualTo(new Endpoint(service, 8080)));
  }
}
