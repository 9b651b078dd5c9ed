@NullMarked
package dev.aviary.emulator.cli;

import org.jspecify.annotations.NullMarked;
