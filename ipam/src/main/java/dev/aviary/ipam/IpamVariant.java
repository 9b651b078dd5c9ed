package dev.aviary.ipam;

/**
 * Whose behaviour is followed where versions of Calico differ.
 *
 * <p>Each is followed to the letter, its defects in the counts of handles too: an older count is
 * never lower than what is assigned, but may be higher.
 */
public enum IpamVariant {
  /** v3.22.2: v3.22.0 and the sequence numbers that came back to it. */
  V3_22,
  /**
   * Calico's main branch of August 2026: empty blocks of other hosts are taken over, released
   * addresses may cool down, virtual owners, namespace selectors, a limit per handle.
   */
  MASTER
}
