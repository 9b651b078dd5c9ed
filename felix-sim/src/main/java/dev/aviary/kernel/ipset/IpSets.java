package dev.aviary.kernel.ipset;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** All sets of one kernel, and the changes that {@code ipset} makes. */
public final class IpSets {
  /** Characters of a name, in any command. */
  private static final int LONGEST_NAME = 31;

  private final InstantSource clock;
  private final RandomGenerator random;
  private final Map<String, IpSet> sets = new LinkedHashMap<>();
  private ToIntFunction<String> references = _ -> 0;

  public IpSets(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /** Tells it how to count the rules that use a set. */
  public void countReferencesBy(ToIntFunction<String> references) {
    this.references = references;
  }

  public Optional<IpSet> find(String name) {
    return Optional.ofNullable(sets.get(name));
  }

  /** All sets in the order they were created. */
  public List<IpSet> list() {
    return List.copyOf(sets.values());
  }

  /** True if the packet is in the set; false where there is no such set. */
  public boolean matches(String name, PacketView packet, List<Boolean> sources) {
    var set = sets.get(name);
    return set != null && set.matches(packet, sources, this);
  }

  /** Rules and lists that use the set. */
  public int references(String name) {
    int count = references.applyAsInt(name);
    for (var set : sets.values()) {
      if (set.type() == IpSetType.LIST_SET
          && set.elements().stream().anyMatch(e -> name.equals(e.set()))) {
        count++;
      }
    }
    return count;
  }

  /**
   * Runs the lines of {@code ipset restore}, whole or not at all.
   *
   * @throws IpSetException for the first line that is refused
   */
  public void restore(String text) throws IpSetException {
    var undo = new ArrayList<Runnable>();
    int number = 0;
    for (var line : text.lines().toList()) {
      number++;
      var trimmed = line.strip();
      if (trimmed.isEmpty() || trimmed.startsWith("#") || trimmed.equals("COMMIT")) {
        continue;
      }
      try {
        run(IpSetWords.split(trimmed), undo);
      } catch (IpSetException e) {
        for (var step : undo.reversed()) {
          step.run();
        }
        throw e.at(number);
      }
    }
  }

  /** Runs one changing command: create, add, del, flush, destroy, rename, swap. */
  public void run(List<String> words) throws IpSetException {
    run(words, new ArrayList<>());
  }

  private void run(List<String> given, List<Runnable> undo) throws IpSetException {
    var words = new ArrayList<>(given);
    boolean exist = words.removeIf(w -> w.equals("-exist") || w.equals("-!"));
    var command = words.isEmpty() ? "" : words.getFirst();
    switch (command) {
      case "create", "-N", "n" -> create(words, exist, undo);
      case "add", "-A" -> add(words, exist, undo);
      case "del", "-D" -> delete(words, exist, undo);
      case "flush", "-F" -> flush(words, undo);
      case "destroy", "-X", "x" -> destroy(words, undo);
      case "rename", "-E", "e" -> rename(words, undo);
      case "swap", "-W", "w" -> swap(words, undo);
      default -> throw new IpSetException("Unknown argument: `" + command + "'");
    }
  }

  private static String word(List<String> words, int at, String what) throws IpSetException {
    if (at >= words.size()) {
      throw new IpSetException("Missing mandatory argument to command " + what);
    }
    return words.get(at);
  }

  private static String named(String name) throws IpSetException {
    if (name.length() > LONGEST_NAME) {
      throw new IpSetException("Syntax error: setname '" + name + "' is longer than 31 characters");
    }
    return name;
  }

  private IpSet get(String name) throws IpSetException {
    var set = sets.get(named(name));
    if (set == null) {
      throw new IpSetException("The set with the given name does not exist");
    }
    return set;
  }

  private void create(List<String> words, boolean exist, List<Runnable> undo)
      throws IpSetException {
    var name = named(word(words, 1, "create"));
    var typeName = word(words, 2, "create");
    var type =
        IpSetType.parse(typeName)
            .orElseThrow(
                () -> new IpSetException("Syntax error: unknown settype '" + typeName + "'"));
    var options = IpSetWords.options(type, words.subList(3, words.size()), random);
    var old = sets.get(name);
    if (old != null) {
      if (exist && old.type() == type && old.options().family() == options.family()) {
        return;
      }
      throw new IpSetException("Set cannot be created: set with the same name already exists");
    }
    sets.put(name, new IpSet(name, type, options, clock));
    undo.add(() -> sets.remove(name));
  }

  private void add(List<String> words, boolean exist, List<Runnable> undo) throws IpSetException {
    var set = get(word(words, 1, "add"));
    var text = word(words, 2, "add");
    var entry = IpSetWords.entry(set, words.subList(3, words.size()), clock.millis());
    for (var element : IpSetWords.elements(set, text)) {
      if (element.set() != null && !sets.containsKey(element.set())) {
        throw new IpSetException("Set to be added/deleted/tested as element does not exist.");
      }
      var old = set.get(element);
      if (old != null && !exist) {
        throw new IpSetException("Element cannot be added to the set: it's already added");
      }
      if (old == null && set.size() >= limit(set)) {
        throw new IpSetException("Hash is full, cannot add more elements");
      }
      set.put(element, entry);
      undo.add(() -> restore(set, element, old));
    }
  }

  private static int limit(IpSet set) {
    return switch (set.type()) {
      case BITMAP_PORT, LIST_SET -> Integer.MAX_VALUE;
      case HASH_IP,
          HASH_NET,
          HASH_IP_PORT,
          HASH_NET_PORT,
          HASH_NET_NET,
          HASH_IP_PORT_IP,
          HASH_IP_PORT_NET ->
          set.options().maxElements();
    };
  }

  private static void restore(IpSet set, Element element, IpSet.@Nullable Entry old) {
    if (old == null) {
      set.remove(element);
    } else {
      set.put(element, old);
    }
  }

  private void delete(List<String> words, boolean exist, List<Runnable> undo)
      throws IpSetException {
    var set = get(word(words, 1, "del"));
    for (var element : IpSetWords.elements(set, word(words, 2, "del"))) {
      var old = set.get(element);
      if (old == null) {
        if (exist) {
          continue;
        }
        throw new IpSetException("Element cannot be deleted from the set: it's not added");
      }
      set.remove(element);
      undo.add(() -> set.put(element, old));
    }
  }

  private void flush(List<String> words, List<Runnable> undo) throws IpSetException {
    var which = words.size() > 1 ? List.of(get(words.get(1))) : list();
    for (var set : which) {
      var before = set.copy();
      set.clear();
      undo.add(() -> before.forEach(set::put));
    }
  }

  private void destroy(List<String> words, List<Runnable> undo) throws IpSetException {
    var which = words.size() > 1 ? List.of(get(words.get(1))) : list();
    for (var set : which) {
      if (references(set.name()) > 0) {
        throw new IpSetException("Set cannot be destroyed: it is in use by a kernel component");
      }
    }
    for (var set : which) {
      var before = new LinkedHashMap<>(sets);
      sets.remove(set.name());
      undo.add(
          () -> {
            sets.clear();
            sets.putAll(before);
          });
    }
  }

  private void rename(List<String> words, List<Runnable> undo) throws IpSetException {
    var from = word(words, 1, "rename");
    var to = named(word(words, 2, "rename"));
    var set = get(from);
    if (sets.containsKey(to)) {
      throw new IpSetException("Set cannot be renamed: a set with the new name already exists");
    }
    if (references(from) > 0) {
      throw new IpSetException("Set cannot be renamed: it is in use by another system");
    }
    reindex(set, to);
    undo.add(() -> reindex(set, from));
  }

  private void reindex(IpSet set, String name) {
    var all = List.copyOf(sets.values());
    set.setName(name);
    sets.clear();
    for (var each : all) {
      sets.put(each.name(), each);
    }
  }

  private void swap(List<String> words, List<Runnable> undo) throws IpSetException {
    var first = get(word(words, 1, "swap"));
    var secondName = word(words, 2, "swap");
    var second = sets.get(named(secondName));
    if (second == null) {
      throw new IpSetException("Sets cannot be swapped: the second set does not exist");
    }
    if (first.type() != second.type() || first.options().family() != second.options().family()) {
      throw new IpSetException("The sets cannot be swapped: their type does not match");
    }
    exchange(first, second);
    undo.add(() -> exchange(first, second));
  }

  /** Names change places; the order of creation stays with the contents, as in the kernel. */
  private void exchange(IpSet first, IpSet second) {
    var name = first.name();
    first.setName(second.name());
    second.setName(name);
    var all = List.copyOf(sets.values());
    sets.clear();
    for (var each : all) {
      sets.put(each.name(), each);
    }
  }

  /** True if the set has the element that {@code text} writes. */
  public boolean test(String name, String text) throws IpSetException {
    var set = get(name);
    var elements = IpSetWords.elements(set, text);
    return !elements.isEmpty() && elements.stream().allMatch(set::test);
  }

  /** What {@code ipset save} prints, of one set or of all. */
  public String save(@Nullable String name) throws IpSetException {
    var out = new StringBuilder();
    for (var set : name == null ? list() : List.of(get(name))) {
      out.append("create ").append(set.name()).append(' ').append(set.type().text());
      out.append(' ').append(set.header()).append('\n');
      for (var element : set.sorted()) {
        out.append("add ").append(set.name()).append(' ');
        out.append(set.member(element)).append('\n');
      }
    }
    return out.toString();
  }

  /** What {@code ipset list} prints, of one set or of all. */
  public String listing(@Nullable String name) throws IpSetException {
    var out = new StringBuilder();
    for (var set : name == null ? list() : List.of(get(name))) {
      out.append(out.isEmpty() ? "" : "\n");
      out.append("Name: ").append(set.name()).append('\n');
      out.append("Type: ").append(set.type().text()).append('\n');
      out.append("Revision: ").append(set.type().revision()).append('\n');
      out.append("Header: ").append(set.header()).append('\n');
      out.append("Size in memory: ").append(set.memory()).append('\n');
      out.append("References: ").append(references(set.name())).append('\n');
      out.append("Number of entries: ").append(set.size()).append('\n');
      out.append("Members:\n");
      for (var member : set.members()) {
        out.append(member).append('\n');
      }
    }
    return out.toString();
  }
}
