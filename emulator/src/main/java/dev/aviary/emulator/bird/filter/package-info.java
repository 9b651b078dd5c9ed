/**
 * BIRD's filter language: what a configuration's filters and functions say, and what users type
 * behind {@code show route where}, {@code show route filter} and {@code eval}. Text becomes a tree,
 * the tree is run over one route.
 */
@NullMarked
package dev.aviary.emulator.bird.filter;

import org.jspecify.annotations.NullMarked;
