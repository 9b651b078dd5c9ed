/**
 * Routing information bases (RFC 4271 §3.2) and the decision process (§9.1). Tables are arrays:
 * prefixes and paths are small numbers into them. Confined to one thread.
 */
@NullMarked
package dev.aviary.bgp.rib;

import org.jspecify.annotations.NullMarked;
