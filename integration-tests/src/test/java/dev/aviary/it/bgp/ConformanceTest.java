package dev.aviary.it.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.bgp.NeighborView;
import dev.aviary.emulator.cluster.SpeakerRecording;
import dev.aviary.emulator.cluster.StandaloneSpeaker;
import dev.aviary.emulator.resource.ResourceLoader.Document;
import dev.aviary.emulator.speaker.SpeakerFile;
import dev.aviary.it.bgp.Clauses.Clause;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * One speaker, started as its users do, with 400 neighbors at once: each clause of the RFCs has
 * several peers that try it, all at the same time, while two others see what is told on.
 */
class ConformanceTest {
  private static final int NEIGHBORS = 400;
  private static final Map<String, List<Future<?>>> RUNS = new LinkedHashMap<>();
  private static final List<AutoCloseable> OPEN = new ArrayList<>();

  @BeforeAll
  static void probe() throws Exception {
    var clauses = Clauses.all();
    var listen = LiveSpeaker.freeAddress("127.20.0.1");
    var file =
        new StringBuilder(
            """
            as: %d
            routerId: 10.0.0.1
            ipv4: 192.0.2.1
            ipv6: 2001:db8::1
            listen: 127.20.0.1:%d
            routes: [{prefix: 203.0.113.0/24}]
            policies:
              graceful-shutdown:
                - {match: {communities: ["65535:0"]}, set: {localPref: 0}, action: accept}
                - {action: accept}
              no-private: [{set: {removePrivateAs: true}, action: accept}]
              metric: [{set: {med: 77}, action: accept}]
              low-only: [{match: {med: {max: 10}}, action: accept}]
              not-these: [{match: {not: {prefixes: ["10.0.0.0/8+"]}}, action: accept}]
            defaults: {passive: true, families: [ipv4, ipv6], enhancedRefresh: true, errorWait: {min: 1s, max: 1s}}
            neighbors:
              - {name: inside, address: 127.20.0.2, as: %d}
              - {name: outside, address: 127.20.0.3, as: 64999}
            """
                .formatted(Clauses.AS, listen.getPort(), Clauses.AS));
    var runs = new LinkedHashMap<Integer, Clause>();
    for (int at = 0, next = 0; next < NEIGHBORS || at < clauses.size(); at++) {
      var clause = clauses.get(at % clauses.size());
      runs.put(next, clause);
      for (int side = 0; side < clause.sides().size(); side++) {
        var options = clause.sides().get(side).options();
        file.append(
            "  - {name: n%d, address: %s, as: %d%s}\n"
                .formatted(
                    next + side,
                    host(next + side),
                    as(clause, next, side),
                    options.isEmpty() ? "" : ", " + options));
      }
      next += clause.sides().size();
    }
    var told =
        SpeakerFile.read(new Document("probe.yaml", file.toString()))
            .fold(
                problems -> {
                  throw new AssertionError(problems.mkString("\n"));
                },
                sound -> sound);
    var recording = SpeakerRecording.to(Optional.empty());
    var speaker = StandaloneSpeaker.start(told, recording);
    OPEN.add(speaker);
    var inside = watcher("127.20.0.2", listen, Clauses.AS);
    var outside = watcher("127.20.0.3", listen, 64999);
    var executor = Executors.newVirtualThreadPerTaskExecutor();
    OPEN.add(executor);
    runs.forEach(
        (number, clause) ->
            RUNS.computeIfAbsent(clause.name(), _ -> new ArrayList<>())
                .add(
                    executor.submit(
                        () -> {
                          run(
                              clause,
                              number,
                              side -> session(clause, number, side, listen),
                              inside,
                              outside,
                              () ->
                                  speaker
                                      .view()
                                      .neighbor("n" + number)
                                      .map(NeighborView::imported)
                                      .orElse(0));
                          return true;
                        })));
  }

  private static void run(
      Clause clause,
      int number,
      IntFunction<RawSession> maker,
      Watcher inside,
      Watcher outside,
      Callable<Integer> imported)
      throws Exception {
    var sessions = IntStream.range(0, clause.sides().size()).mapToObj(maker).toList();
    try {
      clause.script().run(new Probe(sessions, number, inside, outside, maker, imported));
    } finally {
      for (var each : sessions) {
        each.close();
      }
    }
  }

  private static String host(int number) {
    return "127.20.%d.%d".formatted(1 + number / 200, 1 + number % 200);
  }

  private static long as(Clause clause, int number, int side) {
    var told = clause.sides().get(side);
    return told.internal() ? Clauses.AS : 60000 + number + (told.sameAs() ? 0 : side);
  }

  private static RawSession session(
      Clause clause, int number, int side, InetSocketAddress speaker) {
    try {
      return new RawSession(
          InetAddress.getByName(host(number + side)), speaker, as(clause, number, side));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("a literal address is looked up", e);
    }
  }

  private static Watcher watcher(String host, InetSocketAddress speaker, long as) throws Exception {
    var watcher =
        Watcher.start(new RawSession(InetAddress.getByName(host), speaker, as), Clauses.AS);
    OPEN.add(watcher);
    return watcher;
  }

  @AfterAll
  static void close() throws Exception {
    for (var each : OPEN.reversed()) {
      each.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> clauses() {
    return RUNS.entrySet().stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.getKey(),
                    () -> {
                      for (var run : each.getValue()) {
                        try {
                          assertThat(run.get()).isEqualTo(true);
                        } catch (ExecutionException e) {
                          throw new AssertionError(each.getKey(), e.getCause());
                        }
                      }
                    }));
  }
}
