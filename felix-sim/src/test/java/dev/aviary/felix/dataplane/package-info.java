/** Tests of this package. */
@NullMarked
package dev.aviary.felix.dataplane;

import org.jspecify.annotations.NullMarked;
