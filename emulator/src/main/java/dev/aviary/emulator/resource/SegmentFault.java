package dev.aviary.emulator.resource;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is broken about a segment: frames get lost, and nobody is told. */
public sealed interface SegmentFault {

  /** The segment's name. */
  String segment();

  /** The machines that it names. */
  Set<String> machines();

  /** True if what {@code from} sends does not arrive at {@code to}. */
  boolean loses(String from, String to);

  /** The switch is off: nobody has a carrier. */
  record Down(String segment) implements SegmentFault {
    @Override
    public Set<String> machines() {
      return Set.of();
    }

    @Override
    public boolean loses(String from, String to) {
      return true;
    }
  }

  /** The cables of {@code machines} are cut. */
  record Cut(String segment, Set<String> machines) implements SegmentFault {
    public Cut {
      machines = Set.copyOf(machines);
    }

    @Override
    public boolean loses(String from, String to) {
      return machines.contains(from) || machines.contains(to);
    }
  }

  /**
   * All that goes from one of {@code from} to one of {@code to} is lost, and not what comes back.
   */
  record Loss(String segment, Set<String> from, Set<String> to) implements SegmentFault {
    public Loss {
      from = Set.copyOf(from);
      to = Set.copyOf(to);
    }

    @Override
    public Set<String> machines() {
      var all = new HashSet<>(from);
      all.addAll(to);
      return all;
    }

    @Override
    public boolean loses(String sender, String receiver) {
      return from.contains(sender) && to.contains(receiver);
    }
  }

  /** {@code machines} have only each other, and so have the others. */
  record Partition(String segment, Set<String> machines) implements SegmentFault {
    public Partition {
      machines = Set.copyOf(machines);
    }

    @Override
    public boolean loses(String from, String to) {
      return machines.contains(from) != machines.contains(to);
    }
  }

  /** Reads one; empty, and a problem, if it is none. */
  static Optional<SegmentFault> read(Fields fields) {
    var segment = fields.text("segment", TopologyResource.DEFAULT_SEGMENT);
    fields.required("fault");
    var kind = fields.oneOf("fault", List.of("down", "cut", "loss", "partition"));
    var found =
        kind.flatMap(
            word ->
                switch (word) {
                  case "down" -> Optional.<SegmentFault>of(new Down(segment));
                  case "cut" -> some(fields, "machines").map(names -> new Cut(segment, names));
                  case "loss" ->
                      some(fields, "from")
                          .flatMap(
                              from -> some(fields, "to").map(to -> new Loss(segment, from, to)));
                  default -> some(fields, "machines").map(names -> new Partition(segment, names));
                });
    fields.done();
    return found;
  }

  private static Optional<Set<String>> some(Fields fields, String name) {
    var names = Set.copyOf(new HashSet<>(fields.texts(name)));
    if (names.isEmpty()) {
      fields.problem(name, "must name a node or host");
      return Optional.empty();
    }
    return Optional.of(names);
  }
}
