package dev.aviary.emulator.bird.filter;

import dev.aviary.bgp.route.AsPath;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Prefix;
import java.util.List;
import java.util.stream.Collectors;

/** What an expression comes to; its text is what {@code eval} prints. */
public sealed interface Value {

  /** An attribute that a route does not have. */
  record Nothing() implements Value {
    @Override
    public String toString() {
      return "(void)";
    }
  }

  /** True or false. */
  record Bool(boolean value) implements Value {
    @Override
    public String toString() {
      return value ? "TRUE" : "FALSE";
    }
  }

  /** 0 to 4294967295. */
  record Numeric(long value) implements Value {
    @Override
    public String toString() {
      return Long.toString(value);
    }
  }

  /** A router identifier or a cluster, printed as an address. */
  record Quad(int bits) implements Value {
    @Override
    public String toString() {
      return new Ipv4Address(bits).toString();
    }
  }

  /** An IP address. */
  record Address(IpAddress address) implements Value {
    @Override
    public String toString() {
      return address.toString();
    }
  }

  /** A network. */
  record Network(Prefix prefix) implements Value {
    @Override
    public String toString() {
      return prefix.toString();
    }
  }

  /** A text. */
  record Text(String text) implements Value {
    @Override
    public String toString() {
      return text;
    }
  }

  /** One of the language's own words, as RTS_BGP. */
  record Word(Constants.Group group, int number) implements Value {
    @Override
    public String toString() {
      return "(enum %x)%d".formatted(group.code(), number);
    }
  }

  /** A community of one of the three kinds. */
  record Community(CommunityKind kind, List<Long> parts) implements Value {
    public Community {
      parts = List.copyOf(parts);
    }

    @Override
    public String toString() {
      return kind.print(parts);
    }
  }

  /** An AS path; {@code absent} if it only stands for one that is not there. */
  record Path(AsPath path, boolean absent) implements Value {
    @Override
    public String toString() {
      return path.toString();
    }
  }

  /** A list of communities or of clusters. */
  record Communities(CommunityKind kind, List<Value> values, boolean absent) implements Value {
    public Communities {
      values = List.copyOf(values);
    }

    @Override
    public String toString() {
      return values.stream().map(Value::toString).collect(Collectors.joining(" "));
    }
  }

  /** A set of numbers, addresses, words or communities. */
  record Members(List<Span> spans) implements Value {
    public Members {
      spans = List.copyOf(spans);
    }

    @Override
    public String toString() {
      return spans.stream().map(Span::toString).collect(Collectors.joining(", ", "[", "]"));
    }
  }

  /** A set of networks. */
  record Networks(List<NetworkPattern> patterns) implements Value {
    public Networks {
      patterns = List.copyOf(patterns);
    }

    @Override
    public String toString() {
      return patterns.stream()
          .map(NetworkPattern::toString)
          .collect(Collectors.joining(", ", "[", "]"));
    }
  }

  /** A pattern of AS paths. */
  record Mask(PathMask mask) implements Value {
    @Override
    public String toString() {
      return mask.toString();
    }
  }
}
