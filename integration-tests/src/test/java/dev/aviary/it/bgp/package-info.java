/** The speaker beside real ones: what it says to them, and what they make of it. */
@NullMarked
package dev.aviary.it.bgp;

import org.jspecify.annotations.NullMarked;
