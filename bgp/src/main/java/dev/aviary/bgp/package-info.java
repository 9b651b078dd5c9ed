/**
 * A BGP speaker: what other modules see of it. One speaker is one router; all of it is touched from
 * its event loop only, so callers hand their calls over.
 */
@NullMarked
package dev.aviary.bgp;

import org.jspecify.annotations.NullMarked;
