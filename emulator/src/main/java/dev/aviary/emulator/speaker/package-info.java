/**
 * One BGP speaker by itself, as a file says it: the file is read here, in one go, into what {@code
 * bgp} is told. Everything read is immutable.
 */
@NullMarked
package dev.aviary.emulator.speaker;

import org.jspecify.annotations.NullMarked;
