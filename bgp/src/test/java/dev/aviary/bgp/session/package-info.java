@NullMarked
package dev.aviary.bgp.session;

import org.jspecify.annotations.NullMarked;
