@NullMarked
package dev.aviary.bgp.transport;

import org.jspecify.annotations.NullMarked;
