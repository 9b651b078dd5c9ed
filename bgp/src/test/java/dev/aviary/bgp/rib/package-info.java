@NullMarked
package dev.aviary.bgp.rib;

import org.jspecify.annotations.NullMarked;
