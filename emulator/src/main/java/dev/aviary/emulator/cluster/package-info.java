/**
 * Many nodes as one cluster: what is wired to what, time, convergence, and the reports that the
 * command line prints. Calls from outside are handed to the nodes' loop and answered with immutable
 * views.
 */
@NullMarked
package dev.aviary.emulator.cluster;

import org.jspecify.annotations.NullMarked;
