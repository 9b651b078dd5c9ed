/**
 * How octets get from speaker to speaker: TCP through Netty, or inside one JVM. What travels is the
 * same. Every call and every event of a speaker's connections is on that speaker's event loop.
 */
@NullMarked
package dev.aviary.bgp.transport;

import org.jspecify.annotations.NullMarked;
