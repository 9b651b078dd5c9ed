/**
 * The command line: one class per verb, each a thin shell around {@code emulator.cluster}, and the
 * tables that Calico's tools print.
 */
@NullMarked
package dev.aviary.emulator.cli;

import org.jspecify.annotations.NullMarked;
