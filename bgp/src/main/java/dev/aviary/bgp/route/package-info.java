/**
 * What a route is: destinations plus the attributes of a path to them (RFC 4271 §1.1). Values here
 * are immutable; {@link dev.aviary.bgp.route.AttributeCache} alone counts who uses them, on one
 * thread.
 */
@NullMarked
package dev.aviary.bgp.route;

import org.jspecify.annotations.NullMarked;
