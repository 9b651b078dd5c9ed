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
   * One peer of a clause.
   *
   * @param internal it is in the speaker's AS
   * @param sameAs it is in the AS of the clause's first peer
   * @param options of the neighbor in the speaker's file
   */
  record Side(boolean internal, boolean sameAs, String options) {
    static Side external(String options) {
      return new Side(false, false, options);
    }

    static Side internal(String options) {
      return new Side(true, false, options);
    }

    /** In the AS of the clause's first peer. */
    static Side fellow(String options) {
      return new Side(false, true, options);
    }
  }

  /** One clause, and the peers that try it. */
  record Clause(String name, List<Side> sides, Script script) {
    Clause(String name, boolean internal, String options, Script script) {
      this(name, List.of(new Side(internal, false, options)), script);
    }
  }

  static List<Clause> all() {
    var all = new ArrayList<Clause>();
    for (var each :
        List.of(
            new SessionClauses(),
            new StateClauses(),
            new UpdateClauses(),
            new FamilyClauses(),
            new PathClauses(),
            new RouteClauses(),
            new SelectionClauses(),
            new OldPeerClauses(),
            new RestartClauses(),
            new RefreshClauses(),
            new ExtensionClauses())) {
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

  /** A clause of several peers. */
  final void among(String name, List<Side> sides, Script script) {
    add(new Clause(name, sides, script));
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
