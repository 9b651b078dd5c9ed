@NullMarked
package dev.aviary.ipam;

import org.jspecify.annotations.NullMarked;
