package dev.aviary.emulator.bird.filter;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A piece of a set: from a value to another, both in it. */
public sealed interface Span {
  /** True if {@code value} is in it. */
  boolean contains(Value value);

  /** Between two values of one kind. */
  record Between(Value from, Value to) implements Span {
    @Override
    public boolean contains(Value value) {
      var low = Ordering.compare(from, value);
      var high = Ordering.compare(value, to);
      return low.isPresent() && high.isPresent() && low.get() <= 0 && high.get() <= 0;
    }

    @Override
    public String toString() {
      return from.equals(to) ? from.toString() : from + ".." + to;
    }
  }

  /** Communities each of whose numbers lies between two. */
  record Pattern(CommunityKind kind, List<Bound> bounds) implements Span {
    public Pattern {
      bounds = List.copyOf(bounds);
    }

    @Override
    public boolean contains(Value value) {
      if (!(value instanceof Value.Community(var other, var parts)) || other != kind) {
        return false;
      }
      for (int i = 0; i < bounds.size(); i++) {
        if (parts.get(i) < bounds.get(i).low() || parts.get(i) > bounds.get(i).high()) {
          return false;
        }
      }
      return true;
    }

    @Override
    public String toString() {
      return bounds.stream().map(Bound::toString).collect(Collectors.joining(",", "(", ")"));
    }
  }

  /** Two numbers and what lies between them. */
  record Bound(long low, long high) {
    @Override
    public String toString() {
      return low == high ? Long.toString(low) : low + ".." + high;
    }
  }

  /** How values of one kind stand to each other. */
  final class Ordering {
    private Ordering() {}

    /** Empty if they are not of one kind, or of one that has no order. */
    static Optional<Integer> compare(Value a, Value b) {
      if (a instanceof Value.Numeric(long x) && b instanceof Value.Numeric(long y)) {
        return Optional.of(Long.compare(x, y));
      }
      if (a instanceof Value.Quad(int x) && b instanceof Value.Quad(int y)) {
        return Optional.of(Integer.compareUnsigned(x, y));
      }
      if (a instanceof Value.Address(var x) && b instanceof Value.Address(var y)) {
        return Optional.of(x.compareTo(y));
      }
      if (a instanceof Value.Word(var g, int x) && b instanceof Value.Word(var h, int y)) {
        return g == h ? Optional.of(Integer.compare(x, y)) : Optional.empty();
      }
      if (a instanceof Value.Community(var k, var x)
          && b instanceof Value.Community(var l, var y)) {
        return k == l ? Optional.of(compare(x, y)) : Optional.empty();
      }
      if (a instanceof Value.Text(var x) && b instanceof Value.Text(var y)) {
        return Optional.of(x.compareTo(y));
      }
      return Optional.empty();
    }

    private static int compare(List<Long> x, List<Long> y) {
      for (int i = 0; i < x.size(); i++) {
        int order = Long.compare(x.get(i), y.get(i));
        if (order != 0) {
          return order;
        }
      }
      return 0;
    }
  }
}
