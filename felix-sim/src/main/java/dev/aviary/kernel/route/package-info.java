/** Routes, tables, rules and the lookup over them, as Linux does it. One thread. */
@NullMarked
package dev.aviary.kernel.route;

import org.jspecify.annotations.NullMarked;
