/**
 * Felix's hands: each manager reads its slice of the kernel, compares it with what should be, and
 * writes the difference. What is ours is recognised by its look (names, hashes, route protocol),
 * never remembered over a restart.
 */
@NullMarked
package dev.aviary.felix.dataplane;

import org.jspecify.annotations.NullMarked;
