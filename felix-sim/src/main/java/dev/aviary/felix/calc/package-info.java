/**
 * What Felix wants: the cluster as this host sees it ({@link dev.aviary.felix.calc.Inputs}), the
 * policy that follows from it ({@link dev.aviary.felix.calc.Intent}) and the routes, sets and
 * chains that should be ({@link dev.aviary.felix.calc.DesiredState}). Every value here is immutable
 * and every step a function; nothing here knows a kernel.
 */
@NullMarked
package dev.aviary.felix.calc;

import org.jspecify.annotations.NullMarked;
