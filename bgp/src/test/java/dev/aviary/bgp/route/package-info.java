@NullMarked
package dev.aviary.bgp.route;

import org.jspecify.annotations.NullMarked;
