package dev.aviary.emulator.resource;

import java.util.Optional;

/** Calico's BlockAffinity: a block of addresses that is a node's. */
public record BlockAffinityResource(
    Metadata metadata, Source source, String node, Cidr cidr, State state) implements Resource {

  /** How far a claim has come. */
  public enum State {
    /** Nothing was said, which counts as confirmed. */
    IMPLICIT(""),
    CONFIRMED("confirmed"),
    PENDING("pending"),
    PENDING_DELETION("pendingDeletion");

    private final String text;

    State(String text) {
      this.text = text;
    }

    /** As the datastore has it. */
    public String text() {
      return text;
    }
  }

  static Optional<BlockAffinityResource> read(Fields fields, Source source) {
    var metadata = Metadata.read(fields, false);
    var spec = fields.object("spec");
    var node = spec.required("node");
    spec.required("cidr");
    var cidr = spec.parsed("cidr", Cidr::parse, "a prefix");
    var state = spec.oneOf("state", State.values(), State::text).orElse(State.IMPLICIT);
    boolean deleted = spec.text("deleted", "").equals("true");
    spec.accept("type");
    spec.done();
    return deleted
        ? Optional.empty()
        : cidr.map(c -> new BlockAffinityResource(metadata, source, node, c, state));
  }
}
