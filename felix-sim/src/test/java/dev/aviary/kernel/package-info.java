@NullMarked
package dev.aviary.kernel;

import org.jspecify.annotations.NullMarked;
