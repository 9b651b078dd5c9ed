package dev.aviary.felix.dataplane;

/** The devices that Felix makes. */
final class Devices {
  static final String IPIP = "tunl0";
  static final String VXLAN = "vxlan.calico";

  private Devices() {}
}
