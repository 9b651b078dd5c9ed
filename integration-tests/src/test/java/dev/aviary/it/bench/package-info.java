/**
 * Benchmarks, run by hand ({@code docs/contributing.md}); the figures stand in {@code
 * docs/performance.md}.
 */
@NullMarked
package dev.aviary.it.bench;

import org.jspecify.annotations.NullMarked;
