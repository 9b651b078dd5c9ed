/**
 * The command line of a host: {@code ip}, {@code iptables}, {@code ipset}, {@code conntrack} and
 * friends.
 */
@NullMarked
package dev.aviary.kernel.command;

import org.jspecify.annotations.NullMarked;
