@NullMarked
package dev.aviary.emulator.bird;

import org.jspecify.annotations.NullMarked;
