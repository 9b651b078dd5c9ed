package dev.aviary.emulator.bird;

/** What 2.0 says of a pipe beyond its row. */
record BirdPipe(
    String table,
    String peerTable,
    String importState,
    String exportState,
    String importFilter,
    String exportFilter,
    BirdCounts counts) {}
