@NullMarked
package dev.aviary.emulator.node;

import org.jspecify.annotations.NullMarked;
