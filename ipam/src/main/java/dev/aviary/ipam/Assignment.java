package dev.aviary.ipam;

import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@link Ipam#autoAssign}: per family what was assigned (null if nothing was asked,
 * or an error came first), and the error that ended it, if any. Fewer addresses than asked is no
 * error here; {@link Addresses#shortage} words it.
 */
public record Assignment(
    @Nullable Addresses v4, @Nullable Addresses v6, @Nullable IpamError error) {

  /** An address with its block's prefix length. */
  public record Assigned(IpAddress address, int length) {}

  /** What was assigned of one family. */
  public record Addresses(
      List<Assigned> assigned,
      IpFamily family,
      int requested,
      @Nullable HostReservation reservation,
      List<String> messages) {
    public Addresses {
      assigned = List.copyOf(assigned);
      messages = List.copyOf(messages);
    }

    /** Calico's words for fewer addresses than requested; null if there are enough. */
    public @Nullable String shortage() {
      if (assigned.size() >= requested) {
        return null;
      }
      var text =
          new StringBuilder("Assigned ")
              .append(assigned.size())
              .append(" out of ")
              .append(requested)
              .append(" requested ")
              .append(family == IpFamily.IPV4 ? "IPv4" : "IPv6")
              .append(" addresses");
      messages.forEach(message -> text.append("; ").append(message));
      if (reservation != null) {
        text.append("; HostReservedAttr: ").append(reservation.handle());
      }
      return text.toString();
    }
  }
}
