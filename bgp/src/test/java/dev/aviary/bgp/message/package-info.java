@NullMarked
package dev.aviary.bgp.message;

import org.jspecify.annotations.NullMarked;
