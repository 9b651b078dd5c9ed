package dev.aviary.ipam;

/**
 * Addresses at both ends of each of a host's blocks that are not for workloads, as Windows needs.
 *
 * @param start how many at the low end
 * @param end how many at the high end
 * @param handle whom they are recorded for
 * @param note the attribute that says why
 */
public record HostReservation(int start, int end, String handle, String note) {
  static final String WINDOWS_HANDLE = "windows-reserved-ipam-handle";
}
