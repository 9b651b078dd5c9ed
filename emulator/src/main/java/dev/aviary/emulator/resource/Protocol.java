package dev.aviary.emulator.resource;

/** A transport protocol as Kubernetes writes it. */
public enum Protocol {
  TCP,
  UDP,
  SCTP;

  /** The protocol at {@code name}; TCP where it is left out. */
  static Protocol read(Fields fields, String name) {
    return fields.oneOf(name, values(), Protocol::name).orElse(TCP);
  }
}
