/** Tests of this package. */
@NullMarked
package dev.aviary.kubeproxy;

import org.jspecify.annotations.NullMarked;
