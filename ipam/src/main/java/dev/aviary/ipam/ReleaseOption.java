package dev.aviary.ipam;

import dev.aviary.net.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * An address to release, and how it was when the caller looked: who is out of date must not release
 * what has been given to somebody else since.
 *
 * @param handle it must be recorded for; null for any
 * @param sequence the number its block must have had when it was taken, unsigned; null for any
 */
public record ReleaseOption(IpAddress address, @Nullable String handle, @Nullable Long sequence) {
  public ReleaseOption {
    handle = Block.cut(handle);
  }

  /** Whoever has it. */
  public static ReleaseOption of(IpAddress address) {
    return new ReleaseOption(address, null, null);
  }

  void check(Block block, int ordinal) throws IpamException {
    if (sequence != null && sequence != block.sequenceNumber(ordinal)) {
      throw outOfDate(
          "sequence number (%s) does not match (%s)"
              .formatted(
                  Long.toUnsignedString(sequence),
                  Long.toUnsignedString(block.sequenceNumber(ordinal))));
    }
    var user = block.user(ordinal);
    if (user == null || handle == null || handle.isEmpty()) {
      return;
    }
    var recorded = Block.cut(user.handle());
    if (!handle.equals(recorded == null ? "" : recorded)) {
      throw outOfDate("handle (%s) does not match (%s)".formatted(handle, recorded));
    }
  }

  private IpamException outOfDate(String what) {
    return new IpamException(
        new IpamError.OutOfDate(
            address.toString(), "the given " + what + " when attempting to release IP"));
  }
}
