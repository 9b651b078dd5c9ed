@NullMarked
package dev.aviary.emulator.speaker;

import org.jspecify.annotations.NullMarked;
