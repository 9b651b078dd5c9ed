package dev.aviary.ipam;

import dev.aviary.ipam.Block.Attributes;
import dev.aviary.net.IpAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A change of who an address is recorded for: the active owner, the alternate one, or both; each
 * only if its condition holds.
 */
public record OwnerUpdate(Part active, Part alternate) {

  /** A pod that an owner's attributes must name. */
  public record Owner(String name, String namespace) {}

  /**
   * What becomes of one owner.
   *
   * @param attributes the new ones; null to leave them
   * @param clear takes them away
   * @param expected whom they must name before; null for anybody
   * @param mustBeEmpty they must name nobody before
   */
  public record Part(
      @Nullable Map<String, String> attributes,
      boolean clear,
      @Nullable Owner expected,
      boolean mustBeEmpty) {
    /** Nothing changes. */
    public static final Part UNCHANGED = new Part(null, false, null, false);

    public Part {
      attributes = attributes == null ? null : Map.copyOf(attributes);
    }

    private boolean changes() {
      return clear || attributes != null;
    }

    private void check(String what) throws IpamException {
      if (clear && attributes != null) {
        throw contradiction("Clear%sOwner=true and %sOwnerAttrs".formatted(what, what));
      }
      if (expected != null && mustBeEmpty) {
        throw contradiction("Expected%sOwner and Verify%sOwnerEmpty".formatted(what, what));
      }
    }

    private @Nullable Map<String, String> apply(
        @Nullable Map<String, String> before, IpAddress address) throws IpamException {
      if (!changes()) {
        return before;
      }
      var current = before == null ? Map.<String, String>of() : before;
      boolean holds =
          mustBeEmpty
              ? current.isEmpty()
              : expected == null
                  || (expected.name().equals(current.get("pod"))
                      && expected.namespace().equals(current.get("namespace")));
      if (!holds) {
        throw new IpamException(
            new IpamError.OutOfDate(address.toString(), "another owner than expected"));
      }
      return clear ? null : attributes;
    }
  }

  private static IpamException contradiction(String both) {
    return new IpamException(
        new IpamError.Other("cannot set both " + both + ": these are mutually exclusive"));
  }

  void check() throws IpamException {
    active.check("Active");
    alternate.check("Alternate");
  }

  Attributes apply(@Nullable Attributes before, IpAddress address, String handle)
      throws IpamException {
    if (before == null) {
      throw new IpamException(new IpamError.NotExist(address.toString(), "IP is unassigned"));
    }
    if (!handle.equals(Block.cut(before.handle()))) {
      throw new IpamException(
          new IpamError.Other("IP " + address + " is not assigned to handle " + handle));
    }
    return before.withOwners(
        active.apply(before.active(), address), alternate.apply(before.alternate(), address));
  }
}
