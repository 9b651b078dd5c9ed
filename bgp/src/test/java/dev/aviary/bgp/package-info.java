@NullMarked
package dev.aviary.bgp;

import org.jspecify.annotations.NullMarked;
