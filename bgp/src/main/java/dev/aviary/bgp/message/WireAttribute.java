package dev.aviary.bgp.message;

import dev.aviary.bgp.route.PathAttribute;

/** An attribute as it stood in an UPDATE: with its flags octet. */
public record WireAttribute(int flags, PathAttribute value) {}
