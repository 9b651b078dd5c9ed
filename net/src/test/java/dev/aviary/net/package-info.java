/** Tests of the addresses, and what the tests of all modules share: goldens and vectors. */
@NullMarked
package dev.aviary.net;

import org.jspecify.annotations.NullMarked;
