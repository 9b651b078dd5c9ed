package dev.aviary.emulator.cluster;

import dev.aviary.kernel.Kernel;

/** A network stack of the cluster: a node, a host around it, or a pod. */
public record Place(String name, Kernel kernel) {}
