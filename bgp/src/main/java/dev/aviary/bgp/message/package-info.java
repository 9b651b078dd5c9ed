/**
 * The messages of BGP, and the only code that knows their octets. Decoding yields a message, its
 * faults, or the NOTIFICATION to answer with; never an exception.
 */
@NullMarked
package dev.aviary.bgp.message;

import org.jspecify.annotations.NullMarked;
