/**
 * A node's routing daemon as its users know it: the control sockets of Calico's BIRD 1.6.8 and of
 * BIRD 2.0.12. What is said is a daemon's {@link dev.aviary.emulator.bird.BirdState}; that of a
 * node is read from its speaker, its kernel and its configuration at that instant.
 */
@NullMarked
package dev.aviary.emulator.bird;

import org.jspecify.annotations.NullMarked;
