package dev.aviary.felix.dataplane;

import dev.aviary.felix.calc.CalicoNames;
import dev.aviary.felix.calc.IpSet;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.RestoreException;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Keeps our sets of one family: writes before the rules that use them, deletes after. */
public final class IpSetManager {
  private final Kernel kernel;
  private final IpFamily family;
  private final int maxSize;

  public IpSetManager(Kernel kernel, IpFamily family, int maxSize) {
    this.kernel = kernel;
    this.family = family;
    this.maxSize = maxSize;
  }

  /** Creates and fills; true if something had to be written. */
  public boolean write(Collection<IpSet> desired) {
    var text = text(SetReading.of(kernel.ipsetSave()), desired);
    restore(text);
    return !text.isEmpty();
  }

  /** Deletes those of our sets that are not in {@code desired}; true if there were some. */
  public boolean deleteOthers(Collection<IpSet> desired) {
    Set<String> wanted = new HashSet<>();
    desired.forEach(set -> wanted.add(set.name()));
    var text = new StringBuilder();
    for (var name : SetReading.of(kernel.ipsetSave()).sets().keySet()) {
      if (CalicoNames.isOurSet(family, name) && !wanted.contains(name)) {
        text.append("destroy ").append(name).append('\n');
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

  private String text(SetReading actual, Collection<IpSet> desired) {
    var text = new StringBuilder();
    int temporary = 0;
    for (var set : desired) {
      var found = actual.sets().get(set.name());
      if (found == null) {
        create(text, set, set.name());
        set.members().forEach(member -> add(text, set.name(), member));
      } else if (!found.type().equals(set.type().label())) {
        var name = freeName(actual, temporary++);
        create(text, set, name);
        set.members().forEach(member -> add(text, name, member));
        text.append("swap ").append(set.name()).append(' ').append(name).append('\n');
        text.append("destroy ").append(name).append('\n');
      } else {
        delta(text, set, found);
      }
    }
    return text.toString();
  }

  private String freeName(SetReading actual, int from) {
    int index = from;
    while (actual.sets().containsKey(CalicoNames.temporarySetName(family, index))) {
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

  private static void delta(StringBuilder text, IpSet set, SetReading.Found found) {
    List<String> surplus = new ArrayList<>(found.members());
    surplus.removeAll(set.members());
    surplus.forEach(
        member -> text.append("del ").append(set.name()).append(' ').append(member).append('\n'));
    for (var member : set.members()) {
      if (!found.members().contains(member)) {
        add(text, set.name(), member);
      }
    }
  }
}
