/** Tests of this package. */
@NullMarked
package dev.aviary.felix;

import org.jspecify.annotations.NullMarked;
