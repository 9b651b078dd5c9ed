/**
 * A node's routing daemon as its users know it: BIRD 1.6.8's control socket, with Calico's version
 * in the banner. What is said about a node is read from its speaker and kernel at that instant.
 */
@NullMarked
package dev.aviary.emulator.bird;

import org.jspecify.annotations.NullMarked;
