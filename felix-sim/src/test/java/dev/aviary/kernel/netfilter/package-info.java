@NullMarked
package dev.aviary.kernel.netfilter;

import org.jspecify.annotations.NullMarked;
