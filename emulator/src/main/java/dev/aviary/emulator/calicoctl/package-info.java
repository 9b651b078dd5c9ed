/**
 * What {@code calicoctl} says about addresses, to the letter: its tables, its checks, its refusals.
 * Everything is a function from a cluster's IPAM to an {@link
 * dev.aviary.emulator.calicoctl.Answer}; nothing here prints.
 */
@NullMarked
package dev.aviary.emulator.calicoctl;

import org.jspecify.annotations.NullMarked;
