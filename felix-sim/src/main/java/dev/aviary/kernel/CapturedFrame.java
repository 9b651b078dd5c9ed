package dev.aviary.kernel;

import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * A frame of a walk as a capture shows it.
 *
 * @param host whose link it was seen on
 * @param ethernet false for a device whose frames begin with the IP header
 * @param out true if it left by the link
 * @param octets read-only
 * @param comment what decided about the packet there; empty where there is nothing to say
 */
public record CapturedFrame(
    String host,
    String link,
    boolean ethernet,
    boolean out,
    Instant time,
    ByteBuffer octets,
    String comment) {}
