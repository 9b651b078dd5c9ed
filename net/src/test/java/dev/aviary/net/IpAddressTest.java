package dev.aviary.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
  @ParameterizedTest
  @CsvSource({
    "10.244.219.75, 10.244.219.75",
    "255.255.255.255, 255.255.255.255",
    "::, ::",
    "::1, ::1",
    "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:db8::, 2001:db8::",
    "::ffff:1.2.3.4, ::ffff:1.2.3.4",
    "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
    "0:0:0:1::, 0:0:0:1::",
    "fe80::ecee:eeff:feee:eeee, fe80::ecee:eeff:feee:eeee",
  })
  void readsAndPrintsTheCanonicalText(String text, String canonical) {
    assertThat(IpAddress.of(text)).hasToString(canonical);
    assertThat(IpAddress.of(IpAddress.of(text).octets())).isEqualTo(IpAddress.of(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1.2.3",
        "1.2.3.4.5",
        "01.2.3.4",
        "256.1.1.1",
        "1..2.3",
        "a.b.c.d",
        ":",
        ":::",
        "1:::2",
        "1:2:3:4:5:6:7:8:9",
        "12345::",
        "g::",
        "1:2:3:4:5:6:7:8::",
        "::1.2.3",
        "1:",
        "1::2::3"
      })
  void refusesWhatIsNoAddress(String text) {
    assertThat(IpAddress.parse(text)).isEmpty();
  }

  @Test
  void ordersFamiliesThenUnsigned() {
    assertThat(IpAddress.of("200.0.0.1")).isGreaterThan(IpAddress.of("10.0.0.1"));
    assertThat(IpAddress.of("::1")).isGreaterThan(IpAddress.of("255.0.0.1"));
    assertThat(IpAddress.of("ffff::")).isGreaterThan(IpAddress.of("1::"));
  }

  @Property
  void everyIpv6TextMeansWhatTheJdkReads(@ForAll long high, @ForAll long low) throws Exception {
    var address = new Ipv6Address(high, low);
    assertThat(Ipv6Address.of(address.toString())).isEqualTo(address);
    assertThat(InetAddress.getByName(address.toString()).getAddress())
        .endsWith(java.util.Arrays.copyOfRange(address.octets(), 12, 16));
  }

  @Property
  void plusAndBackIsNothing(@ForAll long high, @ForAll long low, @ForAll int offset) {
    var address = new Ipv6Address(high, low);
    assertThat(address.plus(offset).plus(-(long) offset)).isEqualTo(address);
  }
}
