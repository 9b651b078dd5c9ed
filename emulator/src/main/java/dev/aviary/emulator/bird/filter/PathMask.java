package dev.aviary.emulator.bird.filter;

import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.AsPath;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A pattern of AS paths: {@code [= 65001 * 65002..65010 ? =]}; it must fit the whole path. */
public record PathMask(List<Step> steps) {
  public PathMask {
    steps = List.copyOf(steps);
  }

  /** What stands at one place of the pattern. */
  public sealed interface Step {}

  /** An AS of some. */
  public record Ases(long low, long high) implements Step {
    @Override
    public String toString() {
      return low == high ? Long.toString(low) : low + ".." + high;
    }
  }

  /** Any one AS. */
  public record Any() implements Step {
    @Override
    public String toString() {
      return "?";
    }
  }

  /** Any ASes, or none. */
  public record Many() implements Step {
    @Override
    public String toString() {
      return "*";
    }
  }

  /** The step before, once more or often. */
  public record Again() implements Step {
    @Override
    public String toString() {
      return "+";
    }
  }

  /** True if all of {@code path} fits; a set counts as one place where any of its ASes stands. */
  boolean matches(AsPath path) {
    var places = new ArrayList<List<AsNumber>>();
    for (var segment : path.segments()) {
      switch (segment.kind()) {
        case AS_SEQUENCE, AS_CONFED_SEQUENCE ->
            segment.ases().forEach(as -> places.add(List.of(as)));
        case AS_SET, AS_CONFED_SET -> places.add(segment.ases());
      }
    }
    return matches(places, 0, 0);
  }

  private boolean matches(List<List<AsNumber>> places, int place, int step) {
    if (step == steps.size()) {
      return place == places.size();
    }
    return switch (steps.get(step)) {
      case Many _ ->
          matches(places, place, step + 1)
              || (place < places.size() && matches(places, place + 1, step));
      case Again _ ->
          matches(places, place, step + 1)
              || (step > 0
                  && place < places.size()
                  && fits(steps.get(step - 1), places.get(place))
                  && matches(places, place + 1, step));
      case Any _ -> place < places.size() && matches(places, place + 1, step + 1);
      case Ases ases ->
          place < places.size()
              && fits(ases, places.get(place))
              && matches(places, place + 1, step + 1);
    };
  }

  private static boolean fits(Step step, List<AsNumber> place) {
    return switch (step) {
      case Any _, Many _, Again _ -> true;
      case Ases(long low, long high) ->
          place.stream().anyMatch(as -> as.value() >= low && as.value() <= high);
    };
  }

  @Override
  public String toString() {
    return steps.stream().map(Step::toString).collect(Collectors.joining(" ", "[= ", " =]"));
  }
}
