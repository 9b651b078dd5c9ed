package dev.aviary.bgp;

import dev.aviary.bgp.message.KeepaliveMessage;
import dev.aviary.bgp.route.Behavior;
import java.util.Arrays;

/**
 * Any octets as what a peer says: before its OPEN, after it, or in a session; cut in two anywhere.
 * Another neighbor's session stays up and answers, whatever comes.
 */
final class SpeakerFuzzer {
  private static final String BAD = "10.0.0.2";
  private static final String GOOD = "10.0.0.3";

  private static final java.util.List<Behavior> BEHAVIORS = java.util.List.of(Behavior.values());

  private SpeakerFuzzer() {}

  /** The entry point that fuzzers look for. */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length < 3 || input.length > 8192) {
      return;
    }
    int choice = input[0];
    var behavior = BEHAVIORS.get((choice & 3) % BEHAVIORS.size());
    var lab = new SpeakerLab(SpeakerLab.config(65000, "10.0.0.1", behavior).build());
    lab.neighbor(BAD, 65001, n -> n);
    lab.neighbor(GOOD, 65002, n -> n);
    var good = lab.connect(GOOD, SpeakerLab.open(65002, GOOD), true);
    var bad =
        switch (choice >>> 2 & 3) {
          case 0 -> lab.connect(BAD);
          case 1 -> lab.connect(BAD, SpeakerLab.open(65001, BAD), false);
          default -> lab.connect(BAD, SpeakerLab.open(65001, BAD), true);
        };
    int cut = 2 + (input[1] & 0xff) % (input.length - 2);
    bad.send(Arrays.copyOfRange(input, 2, cut));
    lab.settle();
    bad.send(Arrays.copyOfRange(input, cut, input.length));
    lab.settle();
    good.send(new KeepaliveMessage());
    lab.settle();
    var view = lab.speaker.view();
    if (!view.neighbor("n" + GOOD).orElseThrow().state().equals("Established")) {
      throw new IllegalStateException("one bad peer took a session of another down");
    }
  }
}
