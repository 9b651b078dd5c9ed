package dev.aviary.ipam;

import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import org.jspecify.annotations.Nullable;

/** Why an operation failed; {@link #message} is Calico's text. */
public sealed interface IpamError {

  String message();

  /** The key is not in the store, or the address is not assigned. */
  record NotExist(String id, String detail) implements IpamError {
    @Override
    public String message() {
      return "resource does not exist: " + id + " with error: " + detail;
    }
  }

  /** The key is in the store already, or the address is taken. */
  record AlreadyExists(String id) implements IpamError {
    @Override
    public String message() {
      return "resource already exists: " + id;
    }
  }

  /** Somebody else changed the key since it was read. */
  record Conflict(String id) implements IpamError {
    @Override
    public String message() {
      return "update conflict: " + id;
    }
  }

  /** What the caller knows of an address is out of date; trying again does not help. */
  record OutOfDate(String address, String detail) implements IpamError {
    @Override
    public String message() {
      return "update conflict: " + address;
    }
  }

  /** The host has as many blocks as it may have. */
  record BlockLimit() implements IpamError {
    @Override
    public String message() {
      return "cannot allocate new block due to per host block limit";
    }
  }

  /** No enabled pool serves the request; {@code use} if it failed on the intended use. */
  record NoQualifiedPool(@Nullable String use) implements IpamError {
    @Override
    public String message() {
      return use == null
          ? "cannot find a qualified ippool"
          : "cannot find a qualified ippool, no pools match the required use (" + use + ")";
    }
  }

  /** The request did not say what the address is for. */
  record UseRequired() implements IpamError {
    @Override
    public String message() {
      return "must specify the intended use when assigning an IP";
    }
  }

  /** Windows hosts need strict affinity. */
  record StrictAffinityRequired() implements IpamError {
    @Override
    public String message() {
      return "global strict affinity should not be false for Windows node";
    }
  }

  /** The block has allocations and was to be empty. */
  record BlockNotEmpty(Prefix block) implements IpamError {
    @Override
    public String message() {
      return "block '" + block + "' is not empty";
    }
  }

  /** The block belongs to another host, or to none while it has allocations. */
  record BlockClaimConflict(Prefix block, @Nullable String owner) implements IpamError {
    @Override
    public String message() {
      return block + " already claimed" + (owner == null ? "" : " by " + owner);
    }
  }

  /** An affinity to a block that is somebody else's. */
  record StaleAffinity(String detail) implements IpamError {
    @Override
    public String message() {
      return "Affinity is stale: " + detail;
    }
  }

  /** Every block of every pool is taken. */
  record NoFreeBlocks() implements IpamError {
    @Override
    public String message() {
      return "No Free Blocks";
    }
  }

  /** A pool of one family was asked for addresses of the other. */
  record FamilyMismatch(IpFamily wanted) implements IpamError {
    @Override
    public String message() {
      return wanted == IpFamily.IPV4
          ? "provided IPv4 IPPools list contains one or more IPv6 IPPools"
          : "provided IPv6 IPPools list contains one or more IPv4 IPPools";
    }
  }

  /** A prefix that is shorter or longer than a block may be. */
  record InvalidSize(String message) implements IpamError {}

  /** The handle has as many addresses of the family as it may have. */
  record HandleLimit(String handle, int limit) implements IpamError {
    @Override
    public String message() {
      return "handle %s already has IP(s) allocated, the limit is %d per IP version"
          .formatted(handle, limit);
    }
  }

  /** The datastore did not answer, or not in time; what was asked may or may not have been done. */
  record Unavailable(String message) implements IpamError {}

  /** What stands at a key is not what belongs there; it is left as it is. */
  record Malformed(String key, String reason) implements IpamError {
    @Override
    public String message() {
      return key + ": " + reason;
    }
  }

  /** Anything else, in Calico's words. */
  record Other(String message) implements IpamError {}
}
