package dev.aviary.emulator.bird.filter;

import dev.aviary.bgp.route.AsPath;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.util.List;
import java.util.regex.Pattern;

/** What is between two values. Numbers have 32 bits and no sign. */
final class Operators {
  private static final long MASK = 0xffff_ffffL;

  private Operators() {}

  static Value apply(String mark, Value a, Value b) {
    return switch (mark) {
      case "=" -> new Value.Bool(same(a, b));
      case "!=" -> new Value.Bool(!same(a, b));
      case "~" -> new Value.Bool(isIn(a, b));
      case "!~" -> new Value.Bool(!isIn(a, b));
      case "<" -> new Value.Bool(order(a, b) < 0);
      case "<=" -> new Value.Bool(order(a, b) <= 0);
      case ">" -> new Value.Bool(order(a, b) > 0);
      case ">=" -> new Value.Bool(order(a, b) >= 0);
      case "+", "-", "*", "/" -> arithmetic(mark, number(a), number(b));
      default -> throw new RunException("unknown mark " + mark);
    };
  }

  private static long number(Value value) {
    if (value instanceof Value.Numeric(long number)) {
      return number;
    }
    throw new RunException("not a number");
  }

  private static Value arithmetic(String mark, long a, long b) {
    return switch (mark) {
      case "+" -> new Value.Numeric(a + b & MASK);
      case "-" -> new Value.Numeric(a - b & MASK);
      case "*" -> new Value.Numeric(a * b & MASK);
      default -> {
        if (b == 0) {
          throw new RunException(FilterParser.DIVIDE_BY_ZERO);
        }
        yield new Value.Numeric(a / b);
      }
    };
  }

  /** Values of different kinds are different. */
  private static boolean same(Value a, Value b) {
    if (a instanceof Value.Path(var x, _) && b instanceof Value.Path(var y, _)) {
      return x.equals(y);
    }
    if (a instanceof Value.Communities(_, var x, _)
        && b instanceof Value.Communities(_, var y, _)) {
      return x.equals(y);
    }
    if (a instanceof Value.Quad(int x) && b instanceof Value.Address(var y)) {
      return new Value.Quad(x).toString().equals(y.toString());
    }
    if (a instanceof Value.Address && b instanceof Value.Quad) {
      return same(b, a);
    }
    return a.equals(b);
  }

  private static int order(Value a, Value b) {
    return Span.Ordering.compare(a, b)
        .orElseThrow(() -> new RunException("values that cannot be compared"));
  }

  private static boolean isIn(Value a, Value b) {
    return switch (b) {
      case Value.Members(var spans) -> isAmong(a, spans);
      case Value.Networks(var patterns) -> isMatched(a, patterns);
      case Value.Network(var prefix) -> isInside(a, prefix);
      case Value.Communities(_, var values, _) -> {
        if (a instanceof Value.Community || a instanceof Value.Quad || a instanceof Value.Address) {
          yield values.stream().anyMatch(value -> same(value, a));
        }
        throw unknown();
      }
      case Value.Path(var path, _) -> {
        long as = number(a);
        yield path.flattened().stream().anyMatch(each -> each.value() == as);
      }
      case Value.Mask(var mask) -> mask.matches(path(a));
      case Value.Text(var pattern) -> {
        if (a instanceof Value.Text(var text)) {
          yield glob(pattern).matcher(text).matches();
        }
        throw unknown();
      }
      case Value.Nothing _,
          Value.Bool _,
          Value.Numeric _,
          Value.Quad _,
          Value.Address _,
          Value.Word _,
          Value.Community _ ->
          throw unknown();
    };
  }

  private static RunException unknown() {
    return new RunException("~ applied on unknown type pair");
  }

  private static AsPath path(Value value) {
    if (value instanceof Value.Path(var path, _)) {
      return path;
    }
    throw unknown();
  }

  private static boolean isAmong(Value a, List<Span> spans) {
    return switch (a) {
      case Value.Communities(_, var values, _) ->
          values.stream().anyMatch(value -> isAmong(value, spans));
      case Value.Path(var path, _) ->
          path.flattened().stream().anyMatch(as -> isAmong(new Value.Numeric(as.value()), spans));
      case Value.Nothing _ -> throw unknown();
      case Value.Bool _,
          Value.Numeric _,
          Value.Quad _,
          Value.Address _,
          Value.Network _,
          Value.Text _,
          Value.Word _,
          Value.Community _,
          Value.Members _,
          Value.Networks _,
          Value.Mask _ ->
          spans.stream().anyMatch(span -> span.contains(a));
    };
  }

  private static boolean isMatched(Value a, List<NetworkPattern> patterns) {
    if (a instanceof Value.Network(var prefix)) {
      return patterns.stream().anyMatch(pattern -> pattern.matches(prefix));
    }
    if (a instanceof Value.Address(var address)) {
      var host = host(address);
      return patterns.stream().anyMatch(pattern -> pattern.matches(host));
    }
    throw unknown();
  }

  private static Prefix host(IpAddress address) {
    return switch (address.family()) {
      case IPV4 -> Prefix.of(address, 32);
      case IPV6 -> Prefix.of(address, 128);
    };
  }

  private static boolean isInside(Value a, Prefix prefix) {
    if (a instanceof Value.Network(var inner)) {
      return inner.family() == prefix.family()
          && inner.length() >= prefix.length()
          && prefix.contains(inner.address());
    }
    if (a instanceof Value.Address(var address)) {
      return address.family() == prefix.family() && prefix.contains(address);
    }
    throw unknown();
  }

  /** A shell's pattern with * and ?. */
  static Pattern glob(String pattern) {
    var regex = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      switch (c) {
        case '*' -> regex.append(".*");
        case '?' -> regex.append('.');
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }
}
