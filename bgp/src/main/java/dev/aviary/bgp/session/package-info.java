/**
 * One session with one peer: the state machine of RFC 4271 §8 as a function, what two OPENs settle,
 * and what a session asks of the world. Confined to one thread.
 */
@NullMarked
package dev.aviary.bgp.session;

import org.jspecify.annotations.NullMarked;
