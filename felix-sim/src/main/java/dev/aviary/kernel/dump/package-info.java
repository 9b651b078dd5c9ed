/**
 * Hosts from what their own tools printed: {@code ip}, {@code iptables-save}, {@code ipset}, {@code
 * conntrack}. A text that is not understood is refused with its file and line, and nothing is
 * guessed from it.
 */
@NullMarked
package dev.aviary.kernel.dump;

import org.jspecify.annotations.NullMarked;
