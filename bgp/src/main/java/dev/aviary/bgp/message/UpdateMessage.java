package dev.aviary.bgp.message;

import dev.aviary.bgp.message.MessageCodec.Failed;
import dev.aviary.bgp.message.MessageCodec.Whole;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AttributeOctets;
import dev.aviary.bgp.route.AttributeType;
import dev.aviary.bgp.route.AttributesBuilder;
import dev.aviary.bgp.route.Nlri;
import dev.aviary.bgp.route.Octets;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.bgp.route.PrefixVisitor;
import dev.aviary.net.IpAddress;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * RFC 4271 §4.3. A view over the octets it came in, so that a table's worth of them makes no
 * garbage: it is good until those change. What is wrong with it, short of ending the session, is in
 * {@link #faults}.
 */
public final class UpdateMessage implements Message {
  final byte[] octets;
  final int withdrawnAt;
  final int withdrawnEnd;
  final int attributesAt;
  final int attributesEnd;
  final int nlriAt;
  final int nlriEnd;
  final SessionOptions options;

  /** Code, header, value and end of each attribute, in wire order. */
  private int[] index = new int[32];

  private int indexed;
  private List<AttributeFault> faults = List.of();

  @Nullable AfiSafi reachFamily;
  int reachNextHopAt;
  int reachNextHopEnd;
  int reachAt;
  int reachEnd;
  @Nullable AfiSafi unreachFamily;
  int unreachAt;
  int unreachEnd;

  UpdateMessage(
      byte[] octets,
      int withdrawnAt,
      int withdrawnEnd,
      int attributesAt,
      int attributesEnd,
      int nlriAt,
      int nlriEnd,
      SessionOptions options) {
    this.octets = octets;
    this.withdrawnAt = withdrawnAt;
    this.withdrawnEnd = withdrawnEnd;
    this.attributesAt = attributesAt;
    this.attributesEnd = attributesEnd;
    this.nlriAt = nlriAt;
    this.nlriEnd = nlriEnd;
    this.options = options;
  }

  @Override
  public int type() {
    return MessageCodec.UPDATE;
  }

  void index(int code, int header, int value, int end) {
    if (indexed + 4 > index.length) {
      index = Arrays.copyOf(index, index.length * 2);
    }
    index[indexed] = code;
    index[indexed + 1] = header;
    index[indexed + 2] = value;
    index[indexed + 3] = end;
    indexed += 4;
  }

  int indexOf(int code) {
    for (int i = 0; i < indexed; i += 4) {
      if (index[i] == code) {
        return i;
      }
    }
    return -1;
  }

  void add(AttributeFault fault) {
    if (faults.isEmpty()) {
      faults = new ArrayList<>();
    }
    faults.add(fault);
  }

  /** True if no attribute but the one of {@code type} has a fault. */
  boolean onlyFaultIsIn(AttributeType type) {
    return faults.stream().allMatch(fault -> fault.code() == type.code());
  }

  @Nullable AttributeFault worst() {
    AttributeFault worst = null;
    for (var fault : faults) {
      if (worst == null || fault.approach().compareTo(worst.approach()) > 0) {
        worst = fault;
      }
    }
    return worst;
  }

  boolean reachesSomewhere() {
    return reachFamily != null && reachAt < reachEnd;
  }

  /** What is wrong with it, in the order found. */
  public List<AttributeFault> faults() {
    return List.copyOf(faults);
  }

  /** True if all its destinations count as withdrawn (RFC 7606 §2). */
  public boolean treatAsWithdraw() {
    for (var fault : faults) {
      if (fault.approach() == ErrorApproach.TREAT_AS_WITHDRAW) {
        return true;
      }
    }
    return false;
  }

  /** Families whose routes from this peer are dropped from now on (RFC 7606 §2). */
  public List<AfiSafi> disabledFamilies() {
    if (faults.isEmpty()) {
      return List.of();
    }
    var families = new ArrayList<AfiSafi>();
    for (var fault : faults) {
      if (fault.approach() == ErrorApproach.AFI_SAFI_DISABLE && fault.family() != null) {
        families.add(fault.family());
      }
    }
    return families;
  }

  /** The family that this End-of-RIB marker is for (RFC 4724 §2). */
  public Optional<AfiSafi> endOfRib() {
    if (withdrawnAt != withdrawnEnd || nlriAt != nlriEnd) {
      return Optional.empty();
    }
    if (attributesAt == attributesEnd) {
      return Optional.of(AfiSafi.IPV4_UNICAST);
    }
    int at = indexOf(AttributeType.MP_UNREACH_NLRI.code());
    boolean alone = at >= 0 && indexed == 4 && index[at + 3] - index[at + 2] == 3;
    return alone
        ? Optional.of(
            new AfiSafi(
                UpdateCodec.unsignedShort(octets, index[at + 2]), octets[index[at + 2] + 2] & 0xff))
        : Optional.empty();
  }

  /** True if it withdraws something of {@code family}. */
  public boolean withdraws(AfiSafi family) {
    return (withdrawnAt < withdrawnEnd && family.equals(AfiSafi.IPV4_UNICAST))
        || family.equals(unreachFamily);
  }

  /** Visits what is withdrawn of {@code family}. */
  public void forEachWithdrawn(AfiSafi family, PrefixVisitor visitor) {
    boolean pathIds = options.addPathReceive().contains(family);
    if (family.equals(AfiSafi.IPV4_UNICAST) && withdrawnAt < withdrawnEnd) {
      NlriCodec.forEach(octets, withdrawnAt, withdrawnEnd, family, pathIds, visitor);
    }
    if (family.equals(unreachFamily)) {
      NlriCodec.forEach(octets, unreachAt, unreachEnd, family, pathIds, visitor);
    }
  }

  /** True if the classic field announces something. */
  public boolean announcesClassic() {
    return nlriAt < nlriEnd;
  }

  /** The family that MP_REACH_NLRI announces something of, null if it does not. */
  public @Nullable AfiSafi announcedFamily() {
    return reachesSomewhere() ? reachFamily : null;
  }

  /** Visits what the classic field announces. */
  public void forEachClassic(PrefixVisitor visitor) {
    var family = AfiSafi.IPV4_UNICAST;
    NlriCodec.forEach(
        octets, nlriAt, nlriEnd, family, options.addPathReceive().contains(family), visitor);
  }

  /** Visits what MP_REACH_NLRI announces. */
  public void forEachReached(PrefixVisitor visitor) {
    var family = reachFamily;
    if (family != null) {
      boolean pathIds = options.addPathReceive().contains(family);
      NlriCodec.forEach(octets, reachAt, reachEnd, family, pathIds, visitor);
    }
  }

  /**
   * Puts the attributes into {@code builder} in canonical form, without those that were discarded.
   *
   * @param reach true for the destinations of MP_REACH_NLRI: its next hop counts; false for the
   *     classic ones: NEXT_HOP counts
   */
  public void attributesTo(AttributesBuilder builder, boolean reach) {
    builder.clear();
    for (int i = 0; i < indexed; i += 4) {
      int code = index[i];
      int flags = octets[index[i + 1]] & 0xe0;
      int value = index[i + 2];
      int length = index[i + 3] - value;
      if (isDiscarded(code)) {
        continue;
      }
      switch (code) {
        case 2 -> {
          if (options.fourOctetAs()) {
            builder.put(flags, code, octets, value, length);
          } else {
            var path = path(value, value + length);
            builder.put(flags, code, path, 0, path.length);
          }
        }
        case 3 -> {
          if (!reach) {
            builder.put(flags, code, octets, value, length);
          }
        }
        case 7 -> aggregator(builder, flags, value, length);
        case 14 -> {
          if (reach) {
            int size = reachNextHopEnd - reachNextHopAt;
            builder.put(size == 4 ? 0x40 : flags, size == 4 ? 3 : 14, octets, reachNextHopAt, size);
          }
        }
        case 15, 17, 18 -> {}
        default -> builder.put(flags, code, octets, value, length);
      }
    }
  }

  private boolean isDiscarded(int code) {
    for (var fault : faults) {
      if (fault.code() == code) {
        return true;
      }
    }
    return false;
  }

  /** AS_PATH of an old speaker, with AS4_PATH's numbers put back (RFC 6793 §4.2.3). */
  private byte[] path(int from, int to) {
    var wide = AsPathCodec.widen(octets, from, to);
    int as4 = indexOf(AttributeType.AS4_PATH.code());
    if (as4 < 0 || isDiscarded(AttributeType.AS4_PATH.code()) || !aggregatorAllowsMerge()) {
      return wide;
    }
    var path = AsPathCodec.withoutConfederations(octets, index[as4 + 2], index[as4 + 3]);
    return AsPathCodec.merge(wide, path);
  }

  /** RFC 6793 §4.2.3: an AGGREGATOR that is not AS_TRANS shows that AS4 attributes are stale. */
  private boolean aggregatorAllowsMerge() {
    int aggregator = indexOf(AttributeType.AGGREGATOR.code());
    return aggregator < 0
        || indexOf(AttributeType.AS4_AGGREGATOR.code()) < 0
        || isDiscarded(AttributeType.AGGREGATOR.code())
        || UpdateCodec.unsignedShort(octets, index[aggregator + 2]) == AsPathCodec.TRANS;
  }

  private void aggregator(AttributesBuilder builder, int flags, int value, int length) {
    int code = AttributeType.AGGREGATOR.code();
    if (options.fourOctetAs()) {
      builder.put(flags, code, octets, value, length);
      return;
    }
    int as4 = indexOf(AttributeType.AS4_AGGREGATOR.code());
    if (as4 >= 0 && !isDiscarded(AttributeType.AS4_AGGREGATOR.code()) && aggregatorAllowsMerge()) {
      builder.put(flags, code, octets, index[as4 + 2], 8);
      return;
    }
    var wide = new byte[8];
    System.arraycopy(octets, value, wide, 2, 6);
    builder.put(flags, code, wide, 0, 8);
  }

  /** The addresses of MP_REACH_NLRI's next hop. */
  public Optional<IpAddress> reachNextHop() {
    return reachFamily == null
        ? Optional.empty()
        : Optional.of(
            IpAddress.of(
                Arrays.copyOfRange(
                    octets, reachNextHopAt, Math.min(reachNextHopAt + 16, reachNextHopEnd))));
  }

  /** All attributes as values, in wire order; one whose value cannot be read is unrecognized. */
  public List<WireAttribute> attributes() {
    var all = new ArrayList<WireAttribute>();
    for (int i = 0; i < indexed; i += 4) {
      all.add(
          new WireAttribute(
              octets[index[i + 1]] & 0xff,
              typed(index[i], index[i + 1], index[i + 2], index[i + 3])));
    }
    return all;
  }

  private PathAttribute typed(int code, int header, int from, int to) {
    var type = AttributeType.find(code);
    PathAttribute found = null;
    if (type == AttributeType.MP_REACH_NLRI || type == AttributeType.MP_UNREACH_NLRI) {
      found = MpCodec.read(type, octets, from, to, options);
    } else if (type != null) {
      int width = options.fourOctetAs() ? 4 : 2;
      if (AttributeTable.isReadable(type, octets, from, to, width)) {
        found = read(type, from, to);
      }
    }
    return found != null
        ? found
        : new PathAttribute.Unrecognized(
            code, octets[header] & 0xff, Octets.of(octets, from, to - from));
  }

  private PathAttribute read(AttributeType type, int from, int to) {
    if (!options.fourOctetAs() && type == AttributeType.AS_PATH) {
      var wide = AsPathCodec.widen(octets, from, to);
      return AttributeOctets.read(type, wide, 0, wide.length);
    }
    if (!options.fourOctetAs() && type == AttributeType.AGGREGATOR) {
      var wide = new byte[8];
      System.arraycopy(octets, from, wide, 2, 6);
      return AttributeOctets.read(type, wide, 0, 8);
    }
    return AttributeOctets.read(type, octets, from, to - from);
  }

  /** What the classic field withdraws. */
  public List<Nlri> withdrawn() {
    return list(withdrawnAt, withdrawnEnd);
  }

  /** What the classic field announces. */
  public List<Nlri> nlri() {
    return list(nlriAt, nlriEnd);
  }

  private List<Nlri> list(int from, int to) {
    var family = AfiSafi.IPV4_UNICAST;
    boolean pathIds = options.addPathReceive().contains(family);
    var found = NlriCodec.read(octets, from, to, family, pathIds);
    return found == null ? List.of() : found;
  }

  void writeTo(ByteBuf out) {
    out.writeBytes(octets, withdrawnAt - 2, nlriEnd - withdrawnAt + 2);
  }

  /** A copy that stays good, as {@code toString} shows it. */
  public UpdateMessage detach() {
    var copy = new byte[MessageCodec.HEADER + nlriEnd - withdrawnAt + 2];
    Arrays.fill(copy, 0, 16, (byte) -1);
    copy[16] = (byte) (copy.length >>> 8);
    copy[17] = (byte) copy.length;
    copy[18] = MessageCodec.UPDATE;
    System.arraycopy(octets, withdrawnAt - 2, copy, MessageCodec.HEADER, nlriEnd - withdrawnAt + 2);
    return switch (MessageCodec.decode(copy, 0, copy.length, options)) {
      case Whole(UpdateMessage update) -> update;
      case Whole _, Failed _ -> throw new IllegalStateException("an UPDATE that was read before");
    };
  }

  @Override
  public String toString() {
    Supplier<String> body =
        () -> "withdrawn=" + withdrawn() + ", attributes=" + attributes() + ", nlri=" + nlri();
    return "UpdateMessage[" + body.get() + "]";
  }
}
