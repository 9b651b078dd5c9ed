package dev.aviary.it.bgp;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;

/**
 * What a clause works with: its session, a prefix of its own, and two peers that see what becomes
 * of it, one in the speaker's AS and one outside.
 */
record Probe(
    List<RawSession> sessions,
    int number,
    Watcher inside,
    Watcher outside,
    IntFunction<RawSession> maker,
    Callable<Integer> imported) {

  /** The session of the clause's first peer. */
  RawSession session() {
    return sessions.getFirst();
  }

  /** The session of the clause's peer {@code index}, from 0. */
  RawSession session(int index) {
    return sessions.get(index);
  }

  /** Its own prefix. */
  String prefix() {
    return "10.%d.%d.0/24".formatted(number / 256, number % 256);
  }

  /** Its prefix as an UPDATE has it. */
  String nlri() {
    return "180a%02x%02x".formatted(number / 256, number % 256);
  }

  /** AS_PATH that begins with its AS; empty inside. */
  String path() {
    return path(0);
  }

  /** AS_PATH as the clause's peer {@code index} says it. */
  String path(int index) {
    long as = session(index).as();
    return as == Clauses.AS ? "400200" : RawSession.path(as, 64800, 64800 + number % 100);
  }

  void eventually(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20)).until(condition);
  }

  /** Announces the prefix; both peers are told. */
  void announce(String attributes) throws IOException {
    session().say(RawSession.UPDATE, RawSession.update("", attributes, nlri()));
    arrived();
  }

  void arrived() {
    eventually(
        () -> outside.has(prefix()) && (session().as() == Clauses.AS || inside.has(prefix())));
  }

  /** Nobody is told of the prefix any more. */
  void gone() {
    eventually(() -> !outside.has(prefix()) && !inside.has(prefix()));
  }

  /** The session still takes routes. */
  void alive() throws IOException {
    alive(true);
  }

  /** As {@link #alive()}, where AS numbers may be of two octets. */
  void alive(boolean wide) throws IOException {
    var other = "2011" + nlri().substring(4) + "01";
    var attributes =
        "40010100"
            + (wide ? path() : "4002040201%04x".formatted(session().as()))
            + "400304c0000263"
            + (session().as() == Clauses.AS ? "40050400000064" : "");
    session().say(RawSession.UPDATE, RawSession.update("", attributes, other));
    var host = "17.%d.%d.1/32".formatted(number / 256, number % 256);
    eventually(() -> outside.has(host));
  }

  /** Another connection of the same peer. */
  RawSession another() {
    return maker.apply(0);
  }

  /**
   * The peer after a restart: it dials until it is let in, as routers do, since the speaker may
   * just be putting the lost session away.
   */
  RawSession reconnected(String more) {
    return await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              var session = another();
              try {
                return Optional.of(session.establish(more));
              } catch (IOException _) {
                session.close(); // refused: once more
                return Optional.<RawSession>empty();
              }
            },
            Optional::isPresent)
        .orElseThrow();
  }

  /** How many prefixes the speaker has of the peer. */
  int counted() throws Exception {
    return imported.call();
  }
}
