package dev.aviary.kernel.netfilter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One table: its chains by name, and the walk of a packet through one of its hooks. */
final class Table {
  private static final int STACK = 64;

  private final TableName name;
  private final Environment environment;
  private final TargetAction action;
  private final Map<String, Chain> chains = new HashMap<>();
  private final Map<String, ChainSlot> slots = new HashMap<>();
  private final Map<Hook, ChainSlot> builtIns = new EnumMap<>(Hook.class);
  private final Map<String, Integer> sets = new HashMap<>();
  private ChainSlot[] stack = new ChainSlot[STACK];
  private int[] stackAt = new int[STACK];
  private int tracking;
  private int handles;
  private long version;

  Table(TableName name, Environment environment) {
    this.name = name;
    this.environment = environment;
    this.action = new TargetAction(environment);
    for (var hook : name.hooks()) {
      var slot = slot(hook.name());
      var chain = Chain.builtIn(hook);
      chains.put(hook.name(), chain);
      slot.set(chain, version);
      builtIns.put(hook, slot);
    }
  }

  TableName name() {
    return name;
  }

  @Nullable Chain chain(String chain) {
    return chains.get(chain);
  }

  /** Built-in chains in hook order, then the others by name. */
  List<Chain> ordered() {
    var list = new ArrayList<Chain>();
    for (var hook : name.hooks()) {
      var chain = chains.get(hook.name());
      if (chain != null) {
        list.add(chain);
      }
    }
    chains.values().stream()
        .filter(chain -> !chain.isBuiltIn())
        .sorted((a, b) -> a.name().compareTo(b.name()))
        .forEach(list::add);
    return list;
  }

  /** The number that nf_tables gave last in this table, to a chain or to a rule. */
  int handles() {
    return handles;
  }

  void setHandles(int handles) {
    this.handles = handles;
  }

  /** The chains by name; not to be changed. */
  Map<String, Chain> chains() {
    return chains;
  }

  ChainSlot slot(String chain) {
    return slots.computeIfAbsent(chain, ChainSlot::new);
  }

  /** How many rules enter {@code chain}. */
  int references(String chain) {
    var slot = slots.get(chain);
    return slot == null ? 0 : slot.references();
  }

  int setReferences(String set) {
    return sets.getOrDefault(set, 0);
  }

  /** True if some rule asks for connections or translates. */
  boolean needsConntrack() {
    return tracking > 0;
  }

  /** The chains that a commit after {@code since} has put in place. */
  List<String> changedSince(long since) {
    var names = new ArrayList<String>();
    for (var chain : chains.keySet()) {
      if (slot(chain).version() > since) {
        names.add(chain);
      }
    }
    return names;
  }

  /** Counts the commits. */
  long version() {
    return version;
  }

  /** Puts checked chains in place of those they change; null for one that goes. */
  void commit(Map<String, Optional<Chain>> changed) {
    changed.forEach(
        (chain, now) -> {
          var old = chains.get(chain);
          if (old != null) {
            account(old.uses(), -1);
          }
          now.ifPresent(to -> account(to.uses(), 1));
        });
    version++;
    changed.forEach(
        (chain, now) -> {
          if (now.isPresent()) {
            chains.put(chain, now.get());
            slot(chain).set(now.get(), version);
          } else if (chains.remove(chain) != null) {
            slots.remove(chain);
          }
        });
  }

  private void account(RuleUses uses, int sign) {
    uses.jumps().forEach((chain, count) -> slot(chain).addReferences(sign * count));
    uses.sets().forEach((set, count) -> sets.merge(set, sign * count, Integer::sum));
    tracking += sign * uses.tracking();
  }

  private void deepen() {
    stack = Arrays.copyOf(stack, stack.length * 2);
    stackAt = Arrays.copyOf(stackAt, stackAt.length * 2);
  }

  /** Shows a packet to the chain of {@code hook}. */
  Verdict run(Hook hook, Skb skb) {
    var start = builtIns.get(hook);
    if (start == null) {
      return Verdicts.ACCEPT;
    }
    int length = skb.packet().length();
    var chain = start.chain();
    var current = start;
    var rules = current.rules();
    int at = 0;
    int depth = 0;
    boolean listening = skb.hits() != null || skb.isTraced();
    var traces = environment.traces().isHeard() ? new ChainTrace(environment, name, start) : null;
    while (true) {
      var index = current.index();
      if (index != null) {
        at = index.next(at, skb.packet());
      }
      if (at >= rules.length) {
        if (depth > 0) {
          if (listening) {
            end(hook, skb, current, Hit.Kind.RETURN, at + 1);
          }
          depth--;
          current = stack[depth];
          at = stackAt[depth];
          rules = current.rules();
          continue;
        }
        if (listening && current == start) {
          end(hook, skb, current, Hit.Kind.POLICY, at + 1);
        } else if (listening) {
          end(hook, skb, current, Hit.Kind.RETURN, at + 1);
          end(hook, skb, start, Hit.Kind.POLICY, chain.rules().size() + 1);
        }
        return policy(start, skb, length, traces);
      }
      var entry = rules[at++];
      if (!entry.matches(skb)) {
        continue;
      }
      entry.count(length);
      if (listening) {
        hit(hook, skb, current, entry, at, current == start);
      }
      var jump = entry.jump();
      if (traces != null && (jump != null || entry.target() instanceof Target.Return)) {
        traces.rule(skb, current.name(), entry, null);
      }
      if (jump != null) {
        if (!entry.isGoto()) {
          if (depth == stack.length) {
            deepen();
          }
          stack[depth] = current;
          stackAt[depth] = at;
          depth++;
        }
        current = jump;
        rules = jump.rules();
        at = 0;
        continue;
      }
      if (entry.target() instanceof Target.Return) {
        if (depth > 0) {
          depth--;
          current = stack[depth];
          at = stackAt[depth];
          rules = current.rules();
          continue;
        }
        if (listening) {
          end(hook, skb, start, Hit.Kind.POLICY, chain.rules().size() + 1);
        }
        return policy(start, skb, length, traces);
      }
      var verdict = action.run(entry.target(), hook, skb);
      if (traces != null) {
        traces.rule(skb, current.name(), entry, verdict);
      }
      if (verdict != null) {
        return verdict;
      }
      listening = skb.hits() != null || skb.isTraced();
    }
  }

  private static Verdict policy(ChainSlot start, Skb skb, int length, @Nullable ChainTrace traces) {
    var chain = start.chain();
    chain.count(length);
    if (traces != null) {
      traces.policy(skb);
    }
    return chain.drops() ? Verdicts.DROP : Verdicts.ACCEPT;
  }

  private void hit(
      Hook hook, Skb skb, ChainSlot chain, RuleEntry entry, int number, boolean builtIn) {
    var kind = Hit.Kind.RULE;
    if (entry.isUnconditional()
        && (entry.target() instanceof Target.Accept
            || entry.target() instanceof Target.Drop
            || entry.target() instanceof Target.Return)) {
      kind = builtIn ? Hit.Kind.POLICY : Hit.Kind.RETURN;
    }
    tell(skb, new Hit(hook, name, chain.name(), kind, number, entry.rule(), skb.mark()));
  }

  private void end(Hook hook, Skb skb, ChainSlot chain, Hit.Kind kind, int number) {
    tell(skb, new Hit(hook, name, chain.name(), kind, number, null, skb.mark()));
  }

  private void tell(Skb skb, Hit hit) {
    var sink = skb.hits();
    if (sink != null) {
      sink.hit(hit);
    }
    if (skb.isTraced()) {
      environment.log().accept("TRACE: " + hit + " " + PacketLog.describe(skb, true));
    }
  }
}
