package dev.aviary.felix.calc;

/**
 * The packet mark bits that Felix uses, handed out from the bits of IptablesMarkMask, least
 * significant first: accept, pass, two scratch bits, one for wireguard if that is on; what is left
 * marks endpoints (only used beside IPVS).
 */
public record MarkBits(
    int accept, int pass, int scratch0, int scratch1, int wireguard, int endpoints) {

  /**
   * Hands out the bits of {@code mask}.
   *
   * @throws IllegalArgumentException if {@code mask} has too few bits
   */
  public static MarkBits allocate(int mask, boolean wireguard) {
    int needed = wireguard ? 5 : 4;
    if (Integer.bitCount(mask) < needed) {
      throw new IllegalArgumentException(
          "a mark mask of " + Integer.bitCount(mask) + " bits; " + needed + " are needed");
    }
    int rest = mask;
    int[] bits = new int[needed];
    for (int i = 0; i < needed; i++) {
      bits[i] = Integer.lowestOneBit(rest);
      rest &= ~bits[i];
    }
    return new MarkBits(bits[0], bits[1], bits[2], bits[3], wireguard ? bits[4] : 0, rest);
  }

  /** All bits that a packet may carry from one chain to the next. */
  public int all() {
    return accept | pass | scratch0 | scratch1;
  }

  /** The mark of traffic from no Calico endpoint: the lowest endpoint bit. */
  public int nonCalicoEndpoint() {
    return Integer.lowestOneBit(endpoints);
  }
}
