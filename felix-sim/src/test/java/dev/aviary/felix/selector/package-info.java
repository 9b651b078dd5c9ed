/** Tests of this package. */
@NullMarked
package dev.aviary.felix.selector;

import org.jspecify.annotations.NullMarked;
