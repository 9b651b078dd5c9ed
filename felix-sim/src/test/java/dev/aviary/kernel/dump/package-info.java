@NullMarked
package dev.aviary.kernel.dump;

import org.jspecify.annotations.NullMarked;
