package dev.aviary.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aviary.ipam.TunnelAddresses.Kind;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TunnelAddressesTest {
  private static final List<Prefix> POOLS = List.of(Prefix.of("10.0.0.0/28"));
  private final TestCluster cluster =
      new TestCluster("n1", "n2").pool("10.0.0.0/28", 30).pool("10.1.0.0/28", 30);
  private final Ipam ipam = new Ipam(new InMemoryIpamStore(), cluster, () -> 1);
  private final TunnelAddresses tunnels = new TunnelAddresses(ipam);

  private Optional<IpAddress> ensure(Optional<IpAddress> recorded, List<Prefix> pools)
      throws IpamException {
    return tunnels.ensure(Kind.IPIP, "n1", recorded, pools);
  }

  @Test
  void theFirstIsTheFirstOfItsFirstBlockAndStays() throws Exception {
    var first = ensure(Optional.empty(), POOLS);
    assertThat(first).isPresent();
    var owner = ipam.assignmentAttributes(first.get());
    assertThat(owner.handle()).isEqualTo("ipip-tunnel-addr-n1");
    assertThat(owner.secondary()).isEqualTo(Map.of("node", "n1", "type", "ipipTunnelAddress"));
    assertThat(ensure(first, POOLS)).isEqualTo(first);
  }

  @Test
  void withoutPoolsItGoes() throws Exception {
    var first = ensure(Optional.empty(), POOLS);
    assertThat(ensure(first, List.of())).isEmpty();
    assertThatThrownBy(() -> ipam.ipsByHandle("ipip-tunnel-addr-n1"))
        .isInstanceOf(IpamException.class);
  }

  @Test
  void anAddressOfAnotherPoolIsReplaced() throws Exception {
    var first = ensure(Optional.empty(), POOLS);
    var second = ensure(first, List.of(Prefix.of("10.1.0.0/28")));
    assertThat(second).hasValueSatisfying(a -> assertThat(a.toString()).startsWith("10.1.0."));
    assertThat(ipam.ipsByHandle("ipip-tunnel-addr-n1")).containsExactly(second.get());
  }

  @Test
  void anAddressThatIsFreeNowIsReplaced() throws Exception {
    var first = ensure(Optional.empty(), POOLS);
    ipam.releaseByHandle("ipip-tunnel-addr-n1");
    assertThat(ensure(first, POOLS)).isPresent();
    assertThat(ipam.ipsByHandle("ipip-tunnel-addr-n1")).hasSize(1);
  }

  @Test
  void whatSomebodyElseHasIsLeftToThem() throws Exception {
    var address = IpAddress.of("10.0.0.5");
    ipam.assignIp(address, "n2", "theirs", Map.of("node", "n2"), null);
    assertThat(ensure(Optional.of(address), POOLS)).isPresent().isNotEqualTo(Optional.of(address));
    assertThat(ipam.ipsByHandle("theirs")).containsExactly(address);
  }

  @Test
  void oneFromBeforeHandlesIsRecordedAnew() throws Exception {
    var address = IpAddress.of("10.0.0.5");
    ipam.assignIp(address, "n1", null, Map.of(), null);
    assertThat(ensure(Optional.of(address), POOLS)).contains(address);
    assertThat(ipam.ipsByHandle("ipip-tunnel-addr-n1")).containsExactly(address);
  }
}
