package dev.aviary.felix.calc;

import java.util.Optional;

/** What a rule does with a packet that it matches. */
public sealed interface Action {

  /** The action in the words of {@code iptables-restore}; empty for {@link None}. */
  String text();

  /** The chain that it enters, if it does. */
  default Optional<String> referencedChain() {
    return Optional.empty();
  }

  /** Nothing: the rule only carries a comment. */
  record None() implements Action {
    @Override
    public String text() {
      return "";
    }
  }

  record Jump(String chain) implements Action {
    @Override
    public String text() {
      return "--jump " + chain;
    }

    @Override
    public Optional<String> referencedChain() {
      return Optional.of(chain);
    }
  }

  record Goto(String chain) implements Action {
    @Override
    public String text() {
      return "--goto " + chain;
    }

    @Override
    public Optional<String> referencedChain() {
      return Optional.of(chain);
    }
  }

  /** ACCEPT, DROP, RETURN, REJECT or NOTRACK. */
  enum Verdict implements Action {
    ACCEPT,
    DROP,
    RETURN,
    REJECT,
    NOTRACK;

    @Override
    public String text() {
      return "--jump " + name();
    }
  }

  record SetMark(int bits) implements Action {
    @Override
    public String text() {
      return "--jump MARK --set-mark " + Match.hex(bits) + "/" + Match.hex(bits);
    }
  }

  record ClearMark(int bits) implements Action {
    @Override
    public String text() {
      return "--jump MARK --set-mark 0/" + Match.hex(bits);
    }
  }

  record SetMaskedMark(int mark, int mask) implements Action {
    @Override
    public String text() {
      return "--jump MARK --set-mark " + Match.hex(mark) + "/" + Match.hex(mask);
    }
  }

  record Log(String prefix) implements Action {
    @Override
    public String text() {
      return "--jump LOG --log-prefix \"" + prefix + ": \" --log-level 5";
    }
  }

  record Dnat(String destination) implements Action {
    @Override
    public String text() {
      return "--jump DNAT --to-destination " + destination;
    }
  }

  /** {@code source} is an address, or "address:low-high". */
  record Snat(String source, boolean randomFully) implements Action {
    @Override
    public String text() {
      return "--jump SNAT --to-source " + source + (randomFully ? " --random-fully" : "");
    }
  }

  /** {@code ports} is "low-high" or empty. */
  record Masquerade(String ports, boolean randomFully) implements Action {
    @Override
    public String text() {
      return "--jump MASQUERADE"
          + (ports.isEmpty() ? "" : " --to-ports " + ports)
          + (randomFully ? " --random-fully" : "");
    }
  }
}
