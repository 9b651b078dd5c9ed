package dev.aviary.emulator.bird;

/**
 * Which BIRD a daemon is.
 *
 * @param dialect how it talks
 * @param version as it names itself
 * @param complete it was built with RIP and OSPF; Calico's is not
 */
record BirdRelease(BirdDialect dialect, String version, boolean complete) {

  /** Calico v3.22's BIRD. */
  static final BirdRelease CALICO =
      new BirdRelease(BirdDialect.BIRD_1_6, "v0.3.3+birdv1.6.8", false);

  /** BIRD 2.0.12. */
  static final BirdRelease BIRD_2 = new BirdRelease(BirdDialect.BIRD_2_0, "2.0.12", true);

  /** What the server says first. */
  String banner() {
    return "0001 BIRD " + version + " ready.\n";
  }

  boolean is2() {
    return dialect == BirdDialect.BIRD_2_0;
  }
}
