/**
 * What is let in and out, and how it is changed: functions from a route to a verdict, as values.
 */
@NullMarked
package dev.aviary.bgp.policy;

import org.jspecify.annotations.NullMarked;
