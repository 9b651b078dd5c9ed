/** Connection tracking and address translation: tuples, states, timeouts. One thread. */
@NullMarked
package dev.aviary.kernel.conntrack;

import org.jspecify.annotations.NullMarked;
