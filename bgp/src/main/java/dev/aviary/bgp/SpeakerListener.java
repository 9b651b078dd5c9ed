package dev.aviary.bgp;

/** Follows the sessions of a speaker, on its event loop. */
@FunctionalInterface
public interface SpeakerListener {

  /** {@code event} happened. */
  void on(SpeakerEvent event);
}
