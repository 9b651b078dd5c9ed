/**
 * BIRD's configuration as Calico's confd writes it: texts out of what {@link
 * dev.aviary.emulator.node.NodeBgp} decided. Nothing is decided here.
 */
@NullMarked
package dev.aviary.emulator.confd;

import org.jspecify.annotations.NullMarked;
