package dev.aviary.emulator.bird.filter;

import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.AsPath;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;

/** What stands behind a value and a dot. */
final class Parts {
  private Parts() {}

  static Value of(Value value, String part, List<Value> arguments) {
    return switch (value) {
      case Value.Network(var prefix) -> of(prefix, part);
      case Value.Path(var path, _) -> of(path, part, arguments);
      case Value.Communities list -> of(list, part, arguments);
      case Value.Address(var address) when part.equals("mask") ->
          new Value.Address(Prefix.of(address, (int) number(arguments)).address());
      case Value.Community(var kind, var parts) when kind == CommunityKind.STANDARD ->
          switch (part) {
            case "asn" -> new Value.Numeric(parts.getFirst());
            case "data" -> new Value.Numeric(parts.getLast());
            default -> throw unknown(part);
          };
      case Value.Nothing _ when part.equals("add") || part.equals("prepend") -> throw unknown(part);
      case Value.Nothing _,
          Value.Bool _,
          Value.Numeric _,
          Value.Quad _,
          Value.Address _,
          Value.Text _,
          Value.Word _,
          Value.Community _,
          Value.Members _,
          Value.Networks _,
          Value.Mask _ ->
          throw unknown(part);
    };
  }

  private static RunException unknown(String part) {
    return new RunException("no ." + part + " here");
  }

  private static long number(List<Value> arguments) {
    if (arguments.size() == 1 && arguments.getFirst() instanceof Value.Numeric(long number)) {
      return number;
    }
    throw new RunException("not a number");
  }

  private static Value of(Prefix prefix, String part) {
    return switch (part) {
      case "len" -> new Value.Numeric(prefix.length());
      case "ip" -> new Value.Address(prefix.address());
      case "type" -> Constants.of(prefix.family() == IpFamily.IPV4 ? "NET_IP4" : "NET_IP6");
      default -> throw unknown(part);
    };
  }

  private static Value of(AsPath path, String part, List<Value> arguments) {
    return switch (part) {
      case "len" -> new Value.Numeric(path.hops());
      case "first" -> as(path, true);
      case "last" -> as(path, false);
      case "last_nonaggregated" -> as(path, false);
      case "empty" -> new Value.Path(AsPath.EMPTY, false);
      case "prepend" -> new Value.Path(prepend(path, number(arguments)), false);
      case "delete" -> new Value.Path(keep(path, arguments.getFirst(), false), false);
      case "filter" -> new Value.Path(keep(path, arguments.getFirst(), true), false);
      default -> throw unknown(part);
    };
  }

  /** The AS at an end of the path: {@code first} is who told the route; 0 if there is none. */
  private static Value as(AsPath path, boolean first) {
    var ases = path.flattened();
    if (ases.isEmpty()) {
      return new Value.Numeric(0);
    }
    return new Value.Numeric((first ? ases.getFirst() : ases.getLast()).value());
  }

  private static AsPath prepend(AsPath path, long as) {
    var added = AsNumber.of(as);
    var segments = new ArrayList<>(path.segments());
    if (!segments.isEmpty() && segments.getFirst().kind() == AsPath.Kind.AS_SEQUENCE) {
      var ases = new ArrayList<AsNumber>();
      ases.add(added);
      ases.addAll(segments.getFirst().ases());
      segments.set(0, new AsPath.Segment(AsPath.Kind.AS_SEQUENCE, ases));
    } else {
      segments.addFirst(new AsPath.Segment(AsPath.Kind.AS_SEQUENCE, List.of(added)));
    }
    return new AsPath(segments);
  }

  private static AsPath keep(AsPath path, Value which, boolean keep) {
    var segments = new ArrayList<AsPath.Segment>();
    for (var segment : path.segments()) {
      var ases =
          segment.ases().stream()
              .filter(as -> isAny(new Value.Numeric(as.value()), which) == keep)
              .toList();
      if (!ases.isEmpty()) {
        segments.add(new AsPath.Segment(segment.kind(), ases));
      }
    }
    return new AsPath(segments);
  }

  private static boolean isAny(Value value, Value which) {
    return value.equals(which)
        || (which instanceof Value.Members(var spans)
            && spans.stream().anyMatch(span -> span.contains(value)))
        || (which instanceof Value.Communities(_, var values, _) && values.contains(value));
  }

  private static Value of(Value.Communities list, String part, List<Value> arguments) {
    if (part.equals("len")) {
      return new Value.Numeric(list.values().size());
    }
    var values = new ArrayList<>(list.values());
    switch (part) {
      case "empty" -> values.clear();
      case "add" -> {
        var added =
            arguments.getFirst() instanceof Value.Communities(_, var more, _)
                ? more
                : List.of(arguments.getFirst());
        added.stream().filter(value -> !values.contains(value)).forEach(values::add);
      }
      case "delete" -> values.removeIf(value -> isAny(value, arguments.getFirst()));
      case "filter" -> values.removeIf(value -> !isAny(value, arguments.getFirst()));
      default -> throw unknown(part);
    }
    return new Value.Communities(list.kind(), values, false);
  }

  /** A community of numbers that were computed. */
  static Value tuple(String word, List<Value> parts) {
    var numbers = new ArrayList<Long>();
    boolean isAddress = false;
    for (var part : parts) {
      switch (part) {
        case Value.Numeric(long number) -> numbers.add(number);
        case Value.Address(Ipv4Address address) -> {
          isAddress = true;
          numbers.add(address.toLong());
        }
        case Value.Quad(int bits) -> numbers.add(Integer.toUnsignedLong(bits));
        case Value.Nothing _,
            Value.Bool _,
            Value.Address _,
            Value.Network _,
            Value.Text _,
            Value.Word _,
            Value.Community _,
            Value.Path _,
            Value.Communities _,
            Value.Members _,
            Value.Networks _,
            Value.Mask _ ->
            throw new RunException("Can't operate with value of non-integer type in pair");
      }
    }
    if (!word.isEmpty() && numbers.size() == 2) {
      return new Value.Community(
          CommunityKind.EXTENDED,
          CommunityKind.extended(word, isAddress, numbers.getFirst(), numbers.getLast()));
    }
    return switch (numbers.size()) {
      case 2 -> {
        if (numbers.stream().anyMatch(number -> number > 0xffff)) {
          throw new RunException("Can't operate with value out of bounds in pair");
        }
        yield new Value.Community(CommunityKind.STANDARD, numbers);
      }
      case 3 -> new Value.Community(CommunityKind.LARGE, numbers);
      default -> throw new RunException("a tuple of " + numbers.size());
    };
  }
}
