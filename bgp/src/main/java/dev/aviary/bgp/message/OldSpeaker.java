package dev.aviary.bgp.message;

import dev.aviary.bgp.route.AttributeType;
import dev.aviary.bgp.route.AttributesBuilder;
import dev.aviary.bgp.route.PathAttributes;

/** Attributes for a peer that knows two-octet AS numbers only (RFC 6793 §4.2.2). */
final class OldSpeaker {
  private static final int TRANSITIVE_OPTIONAL = 0xc0;

  private OldSpeaker() {}

  /** AS_PATH and AGGREGATOR narrowed, with AS4_PATH and AS4_AGGREGATOR where they say more. */
  static void narrow(PathAttributes set, AttributesBuilder builder) {
    if (set.has(AttributeType.AS_PATH)) {
      var path = set.value(AttributeType.AS_PATH);
      var narrow = AsPathCodec.narrow(path, 0, path.length);
      builder.put(
          AttributeType.AS_PATH.flags(), AttributeType.AS_PATH.code(), narrow, 0, narrow.length);
      var as4 = AsPathCodec.withoutConfederations(path, 0, path.length);
      if (AsPathCodec.needsFourOctets(as4, 0, as4.length)) {
        builder.put(TRANSITIVE_OPTIONAL, AttributeType.AS4_PATH.code(), as4, 0, as4.length);
      }
    }
    if (set.has(AttributeType.AGGREGATOR)) {
      var aggregator = set.value(AttributeType.AGGREGATOR);
      boolean fits = aggregator[0] == 0 && aggregator[1] == 0;
      var narrow = new byte[6];
      narrow[0] = fits ? aggregator[2] : (byte) (AsPathCodec.TRANS >>> 8);
      narrow[1] = fits ? aggregator[3] : (byte) AsPathCodec.TRANS;
      System.arraycopy(aggregator, 4, narrow, 2, 4);
      builder.put(TRANSITIVE_OPTIONAL, AttributeType.AGGREGATOR.code(), narrow, 0, 6);
      if (!fits) {
        builder.put(TRANSITIVE_OPTIONAL, AttributeType.AS4_AGGREGATOR.code(), aggregator, 0, 8);
      }
    }
  }
}
