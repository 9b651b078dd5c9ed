@NullMarked
package dev.aviary.kernel.conntrack;

import org.jspecify.annotations.NullMarked;
