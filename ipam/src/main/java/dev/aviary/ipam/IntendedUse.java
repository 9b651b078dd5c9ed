package dev.aviary.ipam;

/** What an address is for. */
public enum IntendedUse {
  WORKLOAD("Workload"),
  TUNNEL("Tunnel");

  private final String text;

  IntendedUse(String text) {
    this.text = text;
  }

  /** As an IPPool's allowedUses has it. */
  public String text() {
    return text;
  }
}
