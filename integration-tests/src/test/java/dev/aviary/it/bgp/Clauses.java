package dev.aviary.it.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/**
 * What the RFCs ask of a speaker, clause by clause: what a peer says and what must come of it.
 * Those of one subject are a class.
 */
abstract class Clauses {
  static final long AS = 65000;
  static final String IGP = "40010100";
  static final String HOP = "400304c0000263";
  static final String PREF = "40050400000064";

  private final List<Clause> list = new ArrayList<>();

  /** What a clause's peer does. */
  interface Script {
    void run(Probe probe) throws Exception;
  }

  /**
   * One clause.
   *
   * @param options of its neighbor in the speaker's file
   * @param internal its peer is in the speaker's AS
   */
  record Clause(String name, boolean internal, String options, Script script) {}

  static List<Clause> all() {
    var all = new ArrayList<Clause>();
    for (var each : List.of(new SessionClauses(), new UpdateClauses(), new RouteClauses())) {
      all.addAll(each.list());
    }
    return all;
  }

  /** Puts its clauses in, in order. */
  abstract void fill();

  private List<Clause> list() {
    fill();
    return list;
  }

  final void add(Clause clause) {
    list.add(clause);
  }

  final void external(String name, Script script) {
    add(new Clause(name, false, "", script));
  }

  final void internal(String name, Script script) {
    add(new Clause(name, true, "", script));
  }

  final void external(String name, String options, Script script) {
    add(new Clause(name, false, options, script));
  }

  /** In a session, {@code octets} end it with a NOTIFICATION that begins with {@code reply}. */
  final void refused(String name, String octets, String reply) {
    external(
        name,
        p -> {
          p.session().establish("");
          p.session().octets(octets);
          assertThat(p.session().end()).startsWith(reply);
        });
  }
}
