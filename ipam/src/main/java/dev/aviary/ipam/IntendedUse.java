package dev.aviary.ipam;

/** What an address is for. */
public enum IntendedUse {
  WORKLOAD("Workload"),
  TUNNEL("Tunnel"),
  /** A service's external address; from v3.30 on. */
  LOAD_BALANCER("LoadBalancer");

  private final String text;

  IntendedUse(String text) {
    this.text = text;
  }

  /** As an IPPool's allowedUses has it. */
  public String text() {
    return text;
  }

  /** Who owns the blocks that {@code host} takes for this use. */
  BlockOwner owner(String host) {
    return new BlockOwner(
        this == LOAD_BALANCER ? BlockOwner.Kind.VIRTUAL : BlockOwner.Kind.HOST, host);
  }
}
