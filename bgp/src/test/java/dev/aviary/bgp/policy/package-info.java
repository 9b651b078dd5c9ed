@NullMarked
package dev.aviary.bgp.policy;

import org.jspecify.annotations.NullMarked;
