/** Tests of this package. */
@NullMarked
package dev.aviary.felix.calc;

import org.jspecify.annotations.NullMarked;
