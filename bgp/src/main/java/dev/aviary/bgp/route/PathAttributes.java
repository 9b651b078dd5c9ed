package dev.aviary.bgp.route;

import dev.aviary.bgp.route.PathAttribute.AsPathAttribute;
import dev.aviary.bgp.route.PathAttribute.ClusterList;
import dev.aviary.bgp.route.PathAttribute.Communities;
import dev.aviary.bgp.route.PathAttribute.ExtendedCommunities;
import dev.aviary.bgp.route.PathAttribute.LargeCommunities;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a path: at most one of each type, in type order, immutable.
 *
 * <p>They are kept as the octets an UPDATE between four-octet speakers would carry, because a table
 * has hundreds of thousands of sets and a record per attribute would cost ten times as much. What
 * route selection compares is read from them once.
 */
public final class PathAttributes {
  /** What a route without LOCAL_PREF counts as (BIRD's default). */
  public static final int DEFAULT_LOCAL_PREF = 100;

  public static final PathAttributes EMPTY = new PathAttributes(new byte[0]);

  private final byte[] octets;
  private final int hash;
  private int localPref = DEFAULT_LOCAL_PREF;
  private int med;
  private int neighborAs;
  private int hops;
  private byte origin = (byte) Origin.INCOMPLETE.code();
  private boolean longStale;

  /** How many routes hold this set; {@link AttributeCache}'s alone. */
  int users;

  /** Its number in the cache, while it has users. */
  int number;

  private PathAttributes(byte[] octets) {
    this.octets = octets;
    this.hash = hash(octets, 0, octets.length);
    for (int at = 0; at < octets.length; at = end(octets, at)) {
      int value = value(octets, at);
      switch (octets[at + 1]) {
        case 1 -> origin = octets[value];
        case 2 -> readPath(value, end(octets, at));
        case 4 -> med = intAt(octets, value);
        case 5 -> localPref = intAt(octets, value);
        case 8 -> longStale = holds(value, end(octets, at), Community.LLGR_STALE);
        default -> {}
      }
    }
  }

  private void readPath(int from, int to) {
    boolean first = true;
    for (int at = from; at < to; ) {
      int count = octets[at + 1] & 0xff;
      if (octets[at] == 2) {
        hops += count;
        if (first && count > 0) {
          neighborAs = intAt(octets, at + 2);
        }
      } else if (octets[at] == 1) {
        hops++;
      }
      first &= octets[at] > 2;
      at += 2 + count * 4;
    }
  }

  /** A set of {@code attributes}; the first of each type counts. */
  public static PathAttributes of(PathAttribute... attributes) {
    return of(List.of(attributes));
  }

  /** A set of {@code attributes}; the first of each type counts. */
  public static PathAttributes of(List<PathAttribute> attributes) {
    var builder = new AttributesBuilder();
    attributes.forEach(builder::add);
    return builder.build();
  }

  /** Takes octets in canonical form, as {@link AttributesBuilder} writes them. */
  static PathAttributes ofCanonical(byte[] octets) {
    return octets.length == 0 ? EMPTY : new PathAttributes(octets);
  }

  static int hash(byte[] octets, int offset, int length) {
    int h = 1;
    for (int i = offset; i < offset + length; i++) {
      h = 31 * h + octets[i];
    }
    return h ^ h >>> 15;
  }

  /** Where the value of the attribute at {@code at} begins. */
  static int value(byte[] octets, int at) {
    return at + ((octets[at] & AttributeType.EXTENDED_LENGTH) != 0 ? 4 : 3);
  }

  /** Where the attribute after the one at {@code at} begins. */
  static int end(byte[] octets, int at) {
    return (octets[at] & AttributeType.EXTENDED_LENGTH) != 0
        ? at + 4 + ((octets[at + 2] & 0xff) << 8 | (octets[at + 3] & 0xff))
        : at + 3 + (octets[at + 2] & 0xff);
  }

  static int intAt(byte[] octets, int at) {
    return (octets[at] & 0xff) << 24
        | (octets[at + 1] & 0xff) << 16
        | (octets[at + 2] & 0xff) << 8
        | (octets[at + 3] & 0xff);
  }

  /** Offset of the attribute with {@code code}, -1 if there is none. */
  int find(int code) {
    for (int at = 0; at < octets.length; at = end(octets, at)) {
      int here = octets[at + 1] & 0xff;
      if (here >= code) {
        return here == code ? at : -1;
      }
    }
    return -1;
  }

  /** True if an attribute of {@code type} is in it. */
  public boolean has(AttributeType type) {
    return find(type.code()) >= 0;
  }

  /** The attribute of {@code type}, null if there is none. */
  public @Nullable PathAttribute find(AttributeType type) {
    int at = find(type.code());
    if (at < 0) {
      return null;
    }
    int value = value(octets, at);
    return AttributeOctets.read(type, octets, value, end(octets, at) - value);
  }

  /** All of them, in type order. */
  public List<PathAttribute> all() {
    var all = new ArrayList<PathAttribute>();
    for (int at = 0; at < octets.length; at = end(octets, at)) {
      int code = octets[at + 1] & 0xff;
      int value = value(octets, at);
      int length = end(octets, at) - value;
      var type = AttributeType.find(code);
      all.add(
          type == null
              ? new PathAttribute.Unrecognized(
                  code,
                  octets[at] & ~AttributeType.EXTENDED_LENGTH & 0xff,
                  Octets.of(octets, value, length))
              : AttributeOctets.read(type, octets, value, length));
    }
    return List.copyOf(all);
  }

  /** This set with {@code attribute} added or in the place of the one of its type. */
  public PathAttributes with(PathAttribute attribute) {
    return new AttributesBuilder(this).put(attribute).build();
  }

  /** This set without the attribute of {@code type}. */
  public PathAttributes without(AttributeType type) {
    return has(type) ? new AttributesBuilder(this).remove(type.code()).build() : this;
  }

  /** ORIGIN; INCOMPLETE where it is absent. */
  public Origin origin() {
    return Origin.of(origin);
  }

  /** ORIGIN's number, lower is preferred. */
  public int originCode() {
    return origin;
  }

  /** AS_PATH; empty where it is absent. */
  public AsPath asPath() {
    return find(AttributeType.AS_PATH) instanceof AsPathAttribute(var path) ? path : AsPath.EMPTY;
  }

  /** Length of AS_PATH in route selection. */
  public int hops() {
    return hops;
  }

  /**
   * Bits of the AS that the route was learned from: the first of a sequence; 0 if there is none.
   */
  public int neighborAs() {
    return neighborAs;
  }

  /** MULTI_EXIT_DISC's bits, 0 where it is absent. */
  public int medOrZero() {
    return med;
  }

  /** MULTI_EXIT_DISC's bits. */
  public OptionalInt med() {
    return has(AttributeType.MULTI_EXIT_DISC) ? OptionalInt.of(med) : OptionalInt.empty();
  }

  /** LOCAL_PREF's bits, 100 where it is absent. */
  public int localPrefOrDefault() {
    return localPref;
  }

  /** LOCAL_PREF's bits. */
  public OptionalInt localPref() {
    return has(AttributeType.LOCAL_PREF) ? OptionalInt.of(localPref) : OptionalInt.empty();
  }

  /** Where packets go next: NEXT_HOP, or the first address of MP_REACH_NLRI. */
  public Optional<IpAddress> nextHop() {
    int v4 = find(AttributeType.NEXT_HOP.code());
    if (v4 >= 0) {
      return Optional.of(new Ipv4Address(intAt(octets, value(octets, v4))));
    }
    int v6 = find(AttributeType.MP_REACH_NLRI.code());
    if (v6 < 0 || end(octets, v6) - value(octets, v6) < 16) {
      return Optional.empty();
    }
    int value = value(octets, v6);
    return Optional.of(IpAddress.of(Arrays.copyOfRange(octets, value, value + 16)));
  }

  /** COMMUNITIES, none where absent. */
  public List<Community> communities() {
    return find(AttributeType.COMMUNITIES) instanceof Communities(var values) ? values : List.of();
  }

  /** LARGE_COMMUNITIES, none where absent. */
  public List<LargeCommunity> largeCommunities() {
    return find(AttributeType.LARGE_COMMUNITIES) instanceof LargeCommunities(var values)
        ? values
        : List.of();
  }

  /** EXTENDED COMMUNITIES, none where absent. */
  public List<ExtendedCommunity> extendedCommunities() {
    return find(AttributeType.EXTENDED_COMMUNITIES) instanceof ExtendedCommunities(var values)
        ? values
        : List.of();
  }

  /** True if an attribute is in it whose type is not known here. */
  public boolean hasUnrecognized() {
    for (int at = 0; at < octets.length; at = end(octets, at)) {
      if (AttributeType.find(octets[at + 1] & 0xff) == null) {
        return true;
      }
    }
    return false;
  }

  /** True if COMMUNITIES has {@code community}; without making objects. */
  public boolean has(Community community) {
    int at = find(AttributeType.COMMUNITIES.code());
    if (at < 0) {
      return false;
    }
    return holds(value(octets, at), end(octets, at), community);
  }

  private boolean holds(int from, int to, Community community) {
    for (int i = from; i + 4 <= to; i += 4) {
      if (intAt(octets, i) == community.bits()) {
        return true;
      }
    }
    return false;
  }

  /** True if some router keeps the route long after its source went (RFC 9494 §4.2). */
  public boolean isLongStale() {
    return longStale;
  }

  /** How often {@code as} stands in AS_PATH. */
  public int occurrences(AsNumber as) {
    int at = find(AttributeType.AS_PATH.code());
    int count = 0;
    if (at >= 0) {
      int end = end(octets, at);
      for (int i = value(octets, at); i < end; ) {
        int n = octets[i + 1] & 0xff;
        i += 2;
        for (int k = 0; k < n; k++, i += 4) {
          if (intAt(octets, i) == as.bits()) {
            count++;
          }
        }
      }
    }
    return count;
  }

  /** ORIGINATOR_ID. */
  public Optional<BgpIdentifier> originatorId() {
    int at = find(AttributeType.ORIGINATOR_ID.code());
    return at < 0
        ? Optional.empty()
        : Optional.of(new BgpIdentifier(intAt(octets, value(octets, at))));
  }

  /** CLUSTER_LIST, none where absent. */
  public List<BgpIdentifier> clusterList() {
    return find(AttributeType.CLUSTER_LIST) instanceof ClusterList(var clusters)
        ? clusters
        : List.of();
  }

  /** How many clusters CLUSTER_LIST has. */
  public int clusterCount() {
    int at = find(AttributeType.CLUSTER_LIST.code());
    return at < 0 ? 0 : (end(octets, at) - value(octets, at)) / 4;
  }

  /**
   * A copy of the value of the attribute of {@code type} in canonical form.
   *
   * @throws IllegalArgumentException if there is none
   */
  public byte[] value(AttributeType type) {
    int at = find(type.code());
    if (at < 0) {
      throw new IllegalArgumentException("no " + type + " in " + this);
    }
    return Arrays.copyOfRange(octets, value(octets, at), end(octets, at));
  }

  /** How many octets it has in canonical form. */
  public int size() {
    return octets.length;
  }

  /** The octets in canonical form; only to be read. */
  byte[] raw() {
    return octets;
  }

  /** Copies the octets in canonical form to {@code target}; says where they end. */
  public int copyTo(byte[] target, int offset) {
    System.arraycopy(octets, 0, target, offset, octets.length);
    return offset + octets.length;
  }

  boolean matches(byte[] other, int offset, int length) {
    return Arrays.equals(octets, 0, octets.length, other, offset, offset + length);
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof PathAttributes that
            && hash == that.hash
            && Arrays.equals(octets, that.octets));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return all().toString();
  }
}
