package dev.aviary.ipam;

/**
 * An operation that did not succeed. It has no stack trace: losing a race is ordinary here, and the
 * error says what happened.
 */
public final class IpamException extends Exception {
  private final transient IpamError error;

  public IpamException(IpamError error) {
    super(error.message(), null, false, false);
    this.error = error;
  }

  public IpamError error() {
    return error;
  }
}
