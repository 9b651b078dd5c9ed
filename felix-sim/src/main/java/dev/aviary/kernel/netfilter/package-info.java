/**
 * Tables, chains and rules: their texts both ways, and a packet's way through one hook. One thread.
 */
@NullMarked
package dev.aviary.kernel.netfilter;

import org.jspecify.annotations.NullMarked;
