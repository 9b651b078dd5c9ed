/** IP sets: types, entries, and the {@code ipset} tool's texts. One thread. */
@NullMarked
package dev.aviary.kernel.ipset;

import org.jspecify.annotations.NullMarked;
