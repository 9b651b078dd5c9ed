package dev.aviary.ipam;

import org.jspecify.annotations.Nullable;

/** A compare-and-set loop: tried again at once after a conflict, a bounded number of times. */
final class Retry {
  /** Calico's datastoreRetries. */
  static final int LIMIT = 100;

  static final String EXHAUSTED = "Max retries hit - excessive concurrent IPAM requests";

  private Retry() {}

  /** One try; null asks for another one. */
  interface Attempt<T> {
    @Nullable T once() throws IpamException;
  }

  /**
   * Tries until there is a result; a {@link IpamError.Conflict} is another try, other errors are
   * not.
   */
  static <T> T onConflict(String exhausted, Attempt<T> attempt) throws IpamException {
    for (int i = 0; i < LIMIT; i++) {
      try {
        var result = attempt.once();
        if (result != null) {
          return result;
        }
      } catch (IpamException e) {
        if (!(e.error() instanceof IpamError.Conflict)) {
          throw e;
        }
      }
    }
    throw new IpamException(new IpamError.Other(exhausted));
  }
}
