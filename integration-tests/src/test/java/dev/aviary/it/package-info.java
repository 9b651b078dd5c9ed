/**
 * The cluster seen from outside: what it converges to, forwards, prints, and how it meets others.
 */
@NullMarked
package dev.aviary.it;

import org.jspecify.annotations.NullMarked;
