package dev.aviary.kernel.netfilter;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One table: its chains by name, and the walk of a packet through one of its hooks. */
final class Table {
  private static final int STACK = 64;

  private final TableName name;
  private final Environment environment;
  private final TargetAction action;
  private Map<String, Chain> chains = new HashMap<>();
  private final Map<String, ChainSlot> slots = new HashMap<>();
  private final Map<Hook, Chain> builtIns = new EnumMap<>(Hook.class);
  private final ChainSlot[] stack = new ChainSlot[STACK];
  private final int[] stackAt = new int[STACK];

  Table(TableName name, Environment environment) {
    this.name = name;
    this.environment = environment;
    this.action = new TargetAction(environment);
    for (var hook : name.hooks()) {
      chains.put(hook.name(), Chain.builtIn(hook));
    }
    commit(chains);
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

  /** The chains, to be changed in a copy. */
  Map<String, Chain> chains() {
    return chains;
  }

  ChainSlot slot(String chain) {
    return slots.computeIfAbsent(chain, ChainSlot::new);
  }

  /** Puts checked chains in place. */
  void commit(Map<String, Chain> changed) {
    for (var gone : chains.keySet()) {
      if (!changed.containsKey(gone)) {
        var slot = slots.remove(gone);
        if (slot != null) {
          slot.setRules(new RuleEntry[0]);
        }
      }
    }
    for (var chain : changed.values()) {
      if (chains.get(chain.name()) != chain || !slots.containsKey(chain.name())) {
        slot(chain.name()).setRules(chain.rules().toArray(RuleEntry[]::new));
      }
    }
    chains = changed;
    builtIns.clear();
    for (var hook : name.hooks()) {
      var chain = chains.get(hook.name());
      if (chain != null) {
        builtIns.put(hook, chain);
      }
    }
  }

  /** Shows a packet to the chain of {@code hook}. */
  Verdict run(Hook hook, Skb skb) {
    var chain = builtIns.get(hook);
    if (chain == null) {
      return Verdicts.ACCEPT;
    }
    int length = skb.packet().length();
    var current = slot(chain.name());
    var rules = current.rules();
    int at = 0;
    int depth = 0;
    boolean listening = skb.hits() != null || skb.isTraced();
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
        if (listening && current.name().equals(chain.name())) {
          end(hook, skb, current, Hit.Kind.POLICY, at + 1);
        } else if (listening) {
          end(hook, skb, current, Hit.Kind.RETURN, at + 1);
          end(hook, skb, slot(chain.name()), Hit.Kind.POLICY, chain.rules().size() + 1);
        }
        chain.count(length);
        return chain.drops() ? Verdicts.DROP : Verdicts.ACCEPT;
      }
      var entry = rules[at++];
      if (!entry.matches(skb)) {
        continue;
      }
      entry.count(length);
      if (listening) {
        hit(hook, skb, current, entry, at, current.name().equals(chain.name()));
      }
      var jump = entry.jump();
      if (jump != null) {
        if (!(entry.rule().target() instanceof Target.Jump(_, var isGoto)) || !isGoto) {
          stack[depth] = current;
          stackAt[depth] = at;
          depth++;
        }
        current = jump;
        rules = jump.rules();
        at = 0;
        continue;
      }
      if (entry.rule().target() instanceof Target.Return) {
        if (depth > 0) {
          depth--;
          current = stack[depth];
          at = stackAt[depth];
          rules = current.rules();
          continue;
        }
        if (listening) {
          end(hook, skb, slot(chain.name()), Hit.Kind.POLICY, chain.rules().size() + 1);
        }
        chain.count(length);
        return chain.drops() ? Verdicts.DROP : Verdicts.ACCEPT;
      }
      var verdict = action.run(entry.rule().target(), hook, skb);
      if (verdict != null) {
        return verdict;
      }
      listening = skb.hits() != null || skb.isTraced();
    }
  }

  private void hit(
      Hook hook, Skb skb, ChainSlot chain, RuleEntry entry, int number, boolean builtIn) {
    var kind = Hit.Kind.RULE;
    if (entry.isUnconditional()
        && (entry.rule().target() instanceof Target.Accept
            || entry.rule().target() instanceof Target.Drop
            || entry.rule().target() instanceof Target.Return)) {
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
