/** Packets with their header values, and the only code that knows their octets. Not thread-safe. */
@NullMarked
package dev.aviary.kernel.packet;

import org.jspecify.annotations.NullMarked;
