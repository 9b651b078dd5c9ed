package dev.aviary.emulator.node;

/**
 * The protocols of a routing daemon that are no sessions: what an operator can stop beside those.
 */
public enum DaemonPart {
  /** Blocks, services: what the node originates. */
  STATIC,
  /** Best routes into the kernel, and the kernel's own into the table. */
  KERNEL,
  /** The networks of the node's own links: without them most next hops lead nowhere. */
  DIRECT,
  /** Looks for links. Those that are known stay known while it is stopped. */
  DEVICE
}
