package dev.aviary.emulator.bird;

/** The two ways BIRD's control sockets talk. */
enum BirdDialect {
  /** 1.6.8: a daemon for each family, one table. */
  BIRD_1_6,

  /** 2.0.12: one daemon, channels and tables of families, times with milliseconds. */
  BIRD_2_0
}
