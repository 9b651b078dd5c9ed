package dev.aviary.emulator.node;

/** A pod that could not be given its network, in the CNI plugin's words. */
public final class CniException extends Exception {
  public CniException(String message) {
    super(message, null, false, false);
  }
}
