/**
 * What the user wrote: manifests of Kubernetes, of Calico, and our one kind {@code Topology}, read
 * with the line of every field, so that each mistake can be named where it stands. The only package
 * that sees YAML. Everything here is immutable.
 */
@NullMarked
package dev.aviary.emulator.resource;

import org.jspecify.annotations.NullMarked;
