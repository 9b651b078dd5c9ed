package dev.aviary.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixTest {
  @Test
  void clearsHostBits() {
    assertThat(Prefix.of("10.244.219.75/26")).hasToString("10.244.219.64/26");
    assertThat(Prefix.of("fd00::1234/64")).hasToString("fd00::/64");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::/129", "x/8"})
  void refusesWhatIsNoPrefix(String text) {
    assertThat(Prefix.parse(text)).isEmpty();
  }

  @Test
  void containsItsAddressesAndNoOthers() {
    var block = Prefix.of("10.244.219.64/26");
    assertThat(block.contains(IpAddress.of("10.244.219.127"))).isTrue();
    assertThat(block.contains(IpAddress.of("10.244.219.128"))).isFalse();
    assertThat(block.contains(IpAddress.of("::1"))).isFalse();
    assertThat(Prefix.of("0.0.0.0/0").contains(block)).isTrue();
    assertThat(block.overlaps(Prefix.of("10.244.0.0/16"))).isTrue();
    assertThat(block.last()).hasToString("10.244.219.127");
    assertThat(Prefix.of("fd00::/122").last()).hasToString("fd00::3f");
  }

  @Test
  void splitsIntoSubnets() {
    assertThat(Prefix.of("10.244.0.0/16").subnet(26, 877)).hasToString("10.244.219.64/26");
    assertThat(Prefix.of("fd00::/48").subnet(122, 3)).hasToString("fd00::c0/122");
    assertThat(Prefix.of("fd00::/48").subnet(56, 2)).hasToString("fd00:0:0:200::/56");
    assertThatIllegalArgumentException().isThrownBy(() -> Prefix.of("10.0.0.0/26").subnet(24, 0));
  }
}
