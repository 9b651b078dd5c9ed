package dev.aviary.bgp.rib;

import dev.aviary.bgp.route.AttributeType;
import dev.aviary.bgp.route.AttributesBuilder;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.bgp.route.PathAttribute.ExtendedCommunities;
import dev.aviary.bgp.route.PathAttribute.LargeCommunities;
import dev.aviary.bgp.route.PathAttribute.Unrecognized;
import dev.aviary.bgp.route.PathAttributes;
import java.util.List;

/**
 * The form in which optional attributes leave: lists in order, what is not known marked partial.
 */
final class OutgoingAttributes {
  private OutgoingAttributes() {}

  /**
   * Sorts the lists as BIRD does, drops non-transitive ones towards other ASes, and unknown
   * attributes that are not transitive.
   *
   * @param partial mark unknown attributes as passed on by someone who did not know them
   */
  static void tidy(
      AttributesBuilder builder, PathAttributes attributes, boolean internal, boolean partial) {
    builder.sortWords(AttributeType.COMMUNITIES);
    if (attributes.has(AttributeType.EXTENDED_COMMUNITIES)) {
      var values =
          attributes.extendedCommunities().stream()
              .filter(value -> internal || value.isTransitive())
              .distinct()
              .sorted()
              .toList();
      put(builder, AttributeType.EXTENDED_COMMUNITIES, values, new ExtendedCommunities(values));
    }
    if (attributes.has(AttributeType.LARGE_COMMUNITIES)) {
      var values = attributes.largeCommunities().stream().distinct().sorted().toList();
      put(builder, AttributeType.LARGE_COMMUNITIES, values, new LargeCommunities(values));
    }
    if (!attributes.hasUnrecognized()) {
      return;
    }
    for (var attribute : attributes.all()) {
      if (attribute instanceof Unrecognized(int code, int flags, var value)) {
        if ((flags & AttributeType.TRANSITIVE) == 0) {
          builder.remove(code);
        } else if (partial) {
          builder.put(new Unrecognized(code, flags | AttributeType.PARTIAL, value));
        }
      }
    }
  }

  private static void put(
      AttributesBuilder builder, AttributeType type, List<?> values, PathAttribute attribute) {
    if (values.isEmpty()) {
      builder.remove(type.code());
    } else {
      builder.put(attribute);
    }
  }
}
