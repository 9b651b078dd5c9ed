@NullMarked
package dev.aviary.emulator.bird.filter;

import org.jspecify.annotations.NullMarked;
