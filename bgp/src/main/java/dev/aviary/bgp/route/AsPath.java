package dev.aviary.bgp.route;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The ASes that a route came through (RFC 4271 §5.1.2). */
public record AsPath(List<Segment> segments) {
  public static final AsPath EMPTY = new AsPath(List.of());

  /** Most ASes that one segment holds: its count is one octet. */
  public static final int SEGMENT_LIMIT = 255;

  public AsPath {
    segments = List.copyOf(segments);
  }

  /** What a segment's ASes mean (RFC 4271 §4.3, RFC 5065 §3). */
  public enum Kind {
    AS_SET(1),
    AS_SEQUENCE(2),
    AS_CONFED_SEQUENCE(3),
    AS_CONFED_SET(4);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** Its number on the wire. */
    public int code() {
      return code;
    }

    /**
     * The kind with {@code code}.
     *
     * @throws IllegalArgumentException if it is not 1 to 4
     */
    public static Kind of(int code) {
      return switch (code) {
        case 1 -> AS_SET;
        case 2 -> AS_SEQUENCE;
        case 3 -> AS_CONFED_SEQUENCE;
        case 4 -> AS_CONFED_SET;
        default -> throw new IllegalArgumentException("AS_PATH segment type " + code);
      };
    }
  }

  /** One run of ASes. */
  public record Segment(Kind kind, List<AsNumber> ases) {
    public Segment {
      ases = List.copyOf(ases);
    }
  }

  /** A path of one sequence. */
  public static AsPath sequence(AsNumber... ases) {
    return ases.length == 0
        ? EMPTY
        : new AsPath(List.of(new Segment(Kind.AS_SEQUENCE, List.of(ases))));
  }

  /** Its length in the decision process: a set counts 1, confederation segments 0. */
  public int hops() {
    int hops = 0;
    for (var segment : segments) {
      hops +=
          switch (segment.kind()) {
            case AS_SEQUENCE -> segment.ases().size();
            case AS_SET -> 1;
            case AS_CONFED_SEQUENCE, AS_CONFED_SET -> 0;
          };
    }
    return hops;
  }

  /** The path without ASes of private use; the others keep their order. */
  public AsPath withoutPrivate() {
    var kept = new ArrayList<Segment>();
    for (var segment : segments) {
      var ases = segment.ases().stream().filter(as -> !as.isPrivate()).toList();
      if (!ases.isEmpty()) {
        kept.add(new Segment(segment.kind(), ases));
      }
    }
    return new AsPath(kept);
  }

  /** All ASes in wire order. */
  public List<AsNumber> flattened() {
    var all = new ArrayList<AsNumber>();
    segments.forEach(segment -> all.addAll(segment.ases()));
    return all;
  }

  /** As BIRD prints it: sequences bare, sets in braces. */
  @Override
  public String toString() {
    return segments.stream().map(AsPath::print).collect(Collectors.joining(" "));
  }

  private static String print(Segment segment) {
    var ases = segment.ases().stream().map(AsNumber::toString).collect(Collectors.joining(" "));
    return switch (segment.kind()) {
      case AS_SEQUENCE -> ases;
      case AS_SET -> "{" + ases + "}";
      case AS_CONFED_SEQUENCE -> "(" + ases + ")";
      case AS_CONFED_SET -> "({" + ases + "})";
    };
  }
}
