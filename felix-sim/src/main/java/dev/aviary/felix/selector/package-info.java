/** Calico's selector language over labels: parse, print in the normal form, match. */
@NullMarked
package dev.aviary.felix.selector;

import org.jspecify.annotations.NullMarked;
