package dev.aviary.bgp;

import dev.aviary.bgp.policy.Verdict;
import dev.aviary.bgp.route.PathAttributes;

/**
 * What becomes of a route that a neighbor tells. The statement is the import policy's, as {@link
 * Verdict#statement} counts.
 */
public sealed interface ImportView {

  /** It is kept, with these attributes. */
  record Taken(PathAttributes attributes, int statement) implements ImportView {}

  /** It is of no use, whatever the import policy says of it. */
  record Excluded(Exclusion why) implements ImportView {}

  /** The import policy keeps it out. */
  record Filtered(int statement) implements ImportView {}

  /** Why a route counts as withdrawn (RFC 4271 §9.1.2, RFC 4456 §8, RFC 9234 §5). */
  enum Exclusion {
    /** Our AS stands in AS_PATH, more often than is allowed. */
    OWN_AS,
    /** We have originated it. */
    ORIGINATOR_ID,
    /** It has been through our cluster. */
    CLUSTER_LIST,
    ONLY_TO_CUSTOMER,
    /** It has none, or one that no host has. */
    NEXT_HOP,
    /** No packet can have such a destination. */
    MARTIAN
  }
}
