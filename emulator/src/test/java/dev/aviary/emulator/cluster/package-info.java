@NullMarked
package dev.aviary.emulator.cluster;

import org.jspecify.annotations.NullMarked;
