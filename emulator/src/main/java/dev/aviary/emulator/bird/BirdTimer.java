package dev.aviary.emulator.bird;

import java.time.Duration;

/** What is left of a timer that runs. */
record BirdTimer(Duration left, Duration whole) {
  String print(BirdTime time) {
    return time.left(left) + "/" + whole.toSeconds();
  }
}
