@NullMarked
package dev.aviary.kernel.ipset;

import org.jspecify.annotations.NullMarked;
