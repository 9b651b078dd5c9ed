package dev.aviary.felix.calc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.felix.calc.Action.Verdict;
import dev.aviary.net.Prefix;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FelixConfigTest {
  @Test
  void theDefaultsAreFelixs() {
    var config = FelixConfig.defaults();
    assertThat(config.interfacePrefixes()).containsExactly("cali");
    assertThat(config.endpointToHostAction()).isEqualTo(Verdict.DROP);
    assertThat(config.markMask()).isEqualTo(0xffff0000);
    assertThat(config.failsafeInbound()).hasSize(9);
    assertThat(config.failsafeInbound().getFirst())
        .isEqualTo(new FailsafePort(Protocol.TCP, Optional.empty(), 22));
    assertThat(config.encapsulation().vxlanPort()).isEqualTo(4789);
    assertThat(config.routes().protocol()).isEqualTo(3);
    assertThat(config.routes().vxlanProtocol()).isEqualTo(80);
    assertThat(config.insertHooks()).isTrue();
  }

  @Test
  void settingsAreReadInAnyCase() {
    var config =
        FelixConfig.of(
            Map.of(
                "DefaultEndpointToHostAction", "ACCEPT",
                "interfacePrefix", "cali,tap",
                "iptablesMarkMask", "0xff000000",
                "chainInsertMode", "Append",
                "failsafeInboundHostPorts", "8080, udp:68 ,tcp:10.0.0.0/8:22,tcp:[fd00::/8]:22",
                "failsafeOutboundHostPorts", "none",
                "serviceLoopPrevention", "Disabled",
                "prometheusMetricsEnabled", "true"));
    assertThat(config.endpointToHostAction()).isEqualTo(Verdict.ACCEPT);
    assertThat(config.interfacePrefixes()).containsExactly("cali", "tap");
    assertThat(config.marks().accept()).isEqualTo(0x1000000);
    assertThat(config.insertHooks()).isFalse();
    assertThat(config.failsafeInbound())
        .containsExactly(
            FailsafePort.of(Protocol.TCP, 8080),
            FailsafePort.of(Protocol.UDP, 68),
            new FailsafePort(Protocol.TCP, Optional.of(Prefix.of("10.0.0.0/8")), 22),
            new FailsafePort(Protocol.TCP, Optional.of(Prefix.of("fd00::/8")), 22));
    assertThat(config.failsafeOutbound()).isEmpty();
    assertThat(config.serviceLoopPrevention()).isEmpty();
  }

  @Test
  void everyMistakeIsNamed() {
    var parsed =
        FelixConfig.parse(
            Map.of(
                "defaultEndpointToHostAction", "maybe",
                "vxlanPort", "70000",
                "ipv6Support", "perhaps",
                "iptablesMarkMask", "0x7",
                "failsafeInboundHostPorts", "icmp:8",
                "natOutgoingAddress", "10.0.0",
                "noSuchSetting", "1"));
    assertThat(parsed.getError().asJava())
        .containsExactlyInAnyOrder(
            "defaultEndpointToHostAction: must be Drop or Accept or Return, is 'maybe'",
            "vxlanPort: must be 1 to 65535, is '70000'",
            "ipv6Support: must be true or false, is 'perhaps'",
            "iptablesMarkMask: must be a 32-bit mask of at least 4 bits, is '0x7'",
            "failsafeInboundHostPorts: can't read 'icmp:8'",
            "natOutgoingAddress: must be an IP address, is '10.0.0'",
            "noSuchSetting: Felix has no such setting");
  }

  @Test
  void wireguardTakesABitAndKeepsItsPortOpen() {
    var config = FelixConfig.of(Map.of("wireguardEnabled", "true"));
    assertThat(config.marks().wireguard()).isEqualTo(0x100000);
    assertThat(config.marks().endpoints()).isEqualTo(0xffe00000);
    assertThat(config.failsafeInbound().getLast()).isEqualTo(FailsafePort.of(Protocol.UDP, 51820));
  }
}
