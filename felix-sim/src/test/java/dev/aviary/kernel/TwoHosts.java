package dev.aviary.kernel;

import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/** A small lab: host a, router r, host b; a and b reach each other through r only. */
final class TwoHosts {
  private Instant now = Instant.parse("2026-11-22T11:00:00Z");
  final Kernel a = host("a");
  final Kernel r = host("r");
  final Kernel b = host("b");

  TwoHosts() {
    var left = new Segment("n1");
    var right = new Segment("n2");
    link(a, "eth0", "02:00:00:00:01:02", left, "10.0.1.2");
    link(r, "eth1", "02:00:00:00:01:01", left, "10.0.1.1");
    link(r, "eth2", "02:00:00:00:02:01", right, "10.0.2.1");
    link(b, "eth0", "02:00:00:00:02:02", right, "10.0.2.2");
    r.sysctls().set("net.ipv4.ip_forward", 1);
    byDefault(a, "10.0.1.1");
    byDefault(b, "10.0.2.1");
    b.sockets().listen(6, null, 80, Sockets.echo());
    b.sockets().listen(17, null, 80, Sockets.echo());
  }

  private Kernel host(String name) {
    return new Kernel(name, () -> now, new Random(name.hashCode()));
  }

  void advance(Duration by) {
    now = now.plus(by);
  }

  private static void link(Kernel host, String name, String mac, Segment segment, String address) {
    host.links().addPhysical(name, MacAddress.of(mac), 1500, segment);
    host.links().up(name);
    host.links().addAddress(name, InterfaceAddress.of(IpAddress.of(address), 24, name));
  }

  private static void byDefault(Kernel host, String gateway) {
    host.addRoute(
        KernelRoute.via(KernelRoute.everything(IpFamily.IPV4), IpAddress.of(gateway), "eth0"));
  }

  Outcome ask(Probe probe) {
    var walk = PacketWalk.silent();
    var conversation = Conversation.start(a, probe, walk);
    walk.giveUpOnNeighbors();
    conversation.close();
    return conversation.outcome();
  }

  void rules(String text) throws RestoreException {
    r.iptablesRestore(IpFamily.IPV4, text, false);
  }
}
