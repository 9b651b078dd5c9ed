/** Felix, the agent that turns a cluster's workloads and policies into one host's kernel state. */
@NullMarked
package dev.aviary.felix;

import org.jspecify.annotations.NullMarked;
