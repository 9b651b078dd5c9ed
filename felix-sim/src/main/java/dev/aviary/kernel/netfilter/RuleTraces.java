package dev.aviary.kernel.netfilter;

import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.net.IpFamily;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells what traced packets meet in the words of nf_tables (NFT_MSG_TRACE). */
public final class RuleTraces {
  private final List<Consumer<Event>> listeners = new ArrayList<>();

  /**
   * A rule that matched, or a built-in chain's end.
   *
   * @param id one number for a packet from the device it came in by to the one it leaves by
   * @param chain the chain that the rule stands in, or whose policy decided
   * @param rule null for a policy
   * @param handle the rule's number in its table; 0 for a policy
   * @param verdict what the rule or the policy said
   * @param mark the packet's mark after the rule
   * @param start the packet, with the first event of each built-in chain; else null
   */
  public record Event(
      int id,
      IpFamily family,
      TableName table,
      String chain,
      @Nullable Rule rule,
      int handle,
      Verdict verdict,
      int mark,
      @Nullable Start start) {}

  /** What a rule or a policy says. */
  public sealed interface Verdict {
    record Accept() implements Verdict {}

    record Drop() implements Verdict {}

    record Continue() implements Verdict {}

    record Return() implements Verdict {}

    record Enter(String chain, boolean isGoto) implements Verdict {}
  }

  /**
   * The packet as it came to a built-in chain.
   *
   * @param octets network header and what follows, as on the wire; read-only
   * @param to null, as {@code from}, where no frame brought it
   */
  public record Start(
      @Nullable String inDevice,
      @Nullable String outDevice,
      @Nullable MacAddress to,
      @Nullable MacAddress from,
      ByteBuffer octets) {}

  public void add(Consumer<Event> listener) {
    listeners.add(listener);
  }

  boolean isHeard() {
    return !listeners.isEmpty();
  }

  void tell(Event event) {
    listeners.forEach(listener -> listener.accept(event));
  }
}
