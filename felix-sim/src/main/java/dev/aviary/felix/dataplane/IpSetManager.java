package dev.aviary.felix.dataplane;

import dev.aviary.felix.calc.CalicoNames;
import dev.aviary.felix.calc.IpSet;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.RestoreException;
import dev.aviary.net.IpFamily;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;

/** Keeps our sets of one family: writes before the rules that use them, deletes after. */
public final class IpSetManager {
  /** IpsetsRefreshInterval: until then a set that has as many members as it should is believed. */
  private static final Duration REFRESH = Duration.ofSeconds(10);

  private final Kernel kernel;
  private final IpFamily family;
  private final int maxSize;
  private Map<String, SortedSet<String>> before = Map.of();
  private Instant lastRead = Instant.MIN;

  public IpSetManager(Kernel kernel, IpFamily family, int maxSize) {
    this.kernel = kernel;
    this.family = family;
    this.maxSize = maxSize;
  }

  /** Creates and fills; true if something had to be written. */
  public boolean write(Collection<IpSet> desired) {
    var now = kernel.clock().instant();
    boolean refresh = !now.isBefore(lastRead.plus(REFRESH));
    var after = new HashMap<String, SortedSet<String>>();
    var text = new StringBuilder();
    for (var set : desired) {
      after.put(set.name(), set.members());
      var known = before.get(set.name());
      if (refresh || known == null || !isComplete(set, known.size())) {
        change(set, text);
      } else if (known != set.members() && !known.equals(set.members())) {
        delta(text, set, known);
      }
    }
    restore(text.toString());
    before = after;
    lastRead = refresh ? now : lastRead;
    return !text.isEmpty();
  }

  /** True if the kernel has it, of its kind, with as many members as there were last. */
  private boolean isComplete(IpSet set, int size) {
    return kernel
        .ipSets()
        .find(set.name())
        .filter(found -> found.size() == size && isOfKind(found, set))
        .isPresent();
  }

  private static boolean isOfKind(dev.aviary.kernel.ipset.IpSet found, IpSet set) {
    return found.type().text().equals(set.type().label());
  }

  /** Deletes those of our sets that are not in {@code desired}; true if there were some. */
  public boolean deleteOthers(Collection<IpSet> desired) {
    Set<String> wanted = new HashSet<>();
    desired.forEach(set -> wanted.add(set.name()));
    var text = new StringBuilder();
    for (var set : kernel.ipSets().list()) {
      if (CalicoNames.isOurSet(family, set.name()) && !wanted.contains(set.name())) {
        text.append("destroy ").append(set.name()).append('\n');
      }
    }
    restore(text.toString());
    return !text.isEmpty();
  }

  private void restore(String text) {
    if (text.isEmpty()) {
      return;
    }
    try {
      kernel.ipsetRestore(text);
    } catch (RestoreException e) {
      throw new IllegalStateException(
          "line " + e.line() + ": " + e.getMessage() + " in\n" + text, e);
    }
  }

  private void change(IpSet set, StringBuilder text) {
    var found = kernel.ipSets().find(set.name());
    if (found.isEmpty()) {
      create(text, set, set.name());
      set.members().forEach(member -> add(text, set.name(), member));
    } else if (!isOfKind(found.get(), set)) {
      // A set's kind can't be changed, nor can a set be deleted while rules use it.
      var name = freeName();
      create(text, set, name);
      set.members().forEach(member -> add(text, name, member));
      text.append("swap ").append(set.name()).append(' ').append(name).append('\n');
      text.append("destroy ").append(name).append('\n');
    } else {
      delta(text, set, found.get().members());
    }
  }

  /** Sets are destroyed in the text that creates them, so one name serves all. */
  private String freeName() {
    int index = 0;
    while (kernel.ipSets().find(CalicoNames.temporarySetName(family, index)).isPresent()) {
      index++;
    }
    return CalicoNames.temporarySetName(family, index);
  }

  private void create(StringBuilder text, IpSet set, String name) {
    text.append("create ")
        .append(name)
        .append(' ')
        .append(set.type().label())
        .append(family == IpFamily.IPV4 ? " family inet" : " family inet6")
        .append(" maxelem ")
        .append(maxSize)
        .append('\n');
  }

  private static void add(StringBuilder text, String name, String member) {
    text.append("add ").append(name).append(' ').append(member).append('\n');
  }

  private static void delta(StringBuilder text, IpSet set, Collection<String> there) {
    for (var member : there) {
      if (!set.members().contains(member)) {
        text.append("del ").append(set.name()).append(' ').append(member).append('\n');
      }
    }
    var known = there instanceof Set<String> members ? members : new HashSet<>(there);
    for (var member : set.members()) {
      if (!known.contains(member)) {
        add(text, set.name(), member);
      }
    }
  }
}
