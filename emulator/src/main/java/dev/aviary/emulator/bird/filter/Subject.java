package dev.aviary.emulator.bird.filter;

/** The route that a filter is run over, with what it makes of it. */
public interface Subject {
  /** What the route has under {@code attribute}; {@link Value.Nothing} for what it has not. */
  Value get(String attribute);

  /** Gives it {@code value} instead; false if it cannot have that there. */
  boolean set(String attribute, Value value);

  /** Takes it away. */
  void unset(String attribute);

  /** Who has no route: {@code eval}. */
  final class None implements Subject {
    @Override
    public Value get(String attribute) {
      throw new RunException("No route to access");
    }

    @Override
    public boolean set(String attribute, Value value) {
      return false;
    }

    @Override
    public void unset(String attribute) {
      throw new RunException("No route to access");
    }
  }
}
