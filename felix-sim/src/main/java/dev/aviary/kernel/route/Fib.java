package dev.aviary.kernel.route;

import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Rules and tables, and the lookup over both. It does not know links: whether a device or a gateway
 * exists is for the kernel to say before it adds.
 */
public final class Fib {
  private final Map<IpFamily, Map<Integer, RouteTable>> tables = new EnumMap<>(IpFamily.class);
  private final Map<IpFamily, List<RoutingRule>> rules = new EnumMap<>(IpFamily.class);
  private long version;

  public Fib() {
    for (var family : IpFamily.values()) {
      tables.put(family, new TreeMap<>());
      var initial = new ArrayList<RoutingRule>();
      initial.add(RoutingRule.lookup(family, 0, KernelRoute.TABLE_LOCAL));
      initial.add(RoutingRule.lookup(family, 32766, KernelRoute.TABLE_MAIN));
      if (family == IpFamily.IPV4) {
        initial.add(RoutingRule.lookup(family, 32767, KernelRoute.TABLE_DEFAULT));
      }
      rules.put(family, initial);
    }
  }

  /** Counts changes: a reader that saw this number before has seen everything. */
  public long version() {
    return version;
  }

  private Map<Integer, RouteTable> tables(IpFamily family) {
    var found = tables.get(family);
    if (found == null) {
      throw new IllegalStateException("no tables of " + family);
    }
    return found;
  }

  private List<RoutingRule> ruleList(IpFamily family) {
    var found = rules.get(family);
    if (found == null) {
      throw new IllegalStateException("no rules of " + family);
    }
    return found;
  }

  private RouteTable table(IpFamily family, int number) {
    return tables(family).computeIfAbsent(number, _ -> new RouteTable(family));
  }

  /** Adds; {@code FILE_EXISTS} if there is one of the same prefix, metric and type of service. */
  public RouteChange add(KernelRoute route) {
    var list = new ArrayList<>(table(route.family(), route.table()).at(route.destination()));
    for (var other : list) {
      if (other.metric() == route.metric() && other.tos() == route.tos()) {
        return RouteChange.FILE_EXISTS;
      }
    }
    insert(list, route);
    return store(route, list);
  }

  /** Adds, or takes the place of the first one of the same prefix, metric and type of service. */
  public RouteChange replace(KernelRoute route) {
    var list = new ArrayList<>(table(route.family(), route.table()).at(route.destination()));
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).metric() == route.metric() && list.get(i).tos() == route.tos()) {
        list.set(i, route);
        return store(route, list);
      }
    }
    insert(list, route);
    return store(route, list);
  }

  /** Adds behind those of the same prefix and metric; {@code FILE_EXISTS} for an equal one. */
  public RouteChange append(KernelRoute route) {
    var list = new ArrayList<>(table(route.family(), route.table()).at(route.destination()));
    if (list.contains(route)) {
      return RouteChange.FILE_EXISTS;
    }
    insert(list, route);
    return store(route, list);
  }

  private static void insert(List<KernelRoute> list, KernelRoute route) {
    int at = 0;
    while (at < list.size()
        && Integer.compareUnsigned(list.get(at).metric(), route.metric()) <= 0) {
      at++;
    }
    list.add(at, route);
  }

  private RouteChange store(KernelRoute route, List<KernelRoute> list) {
    table(route.family(), route.table()).set(route.destination(), list);
    version++;
    return RouteChange.DONE;
  }

  /** Removes this very route; {@code NO_SUCH_PROCESS} if it is not there. */
  public RouteChange delete(KernelRoute route) {
    return delete(route.family(), route.table(), route.destination(), route::equals).isEmpty()
        ? RouteChange.NO_SUCH_PROCESS
        : RouteChange.DONE;
  }

  /** Removes the first route to {@code destination} in {@code table} that is {@code wanted}. */
  public List<KernelRoute> delete(
      IpFamily family, int table, Prefix destination, Predicate<KernelRoute> wanted) {
    var list = new ArrayList<>(table(family, table).at(destination));
    for (int i = 0; i < list.size(); i++) {
      var route = list.get(i);
      if (wanted.test(route)) {
        list.remove(i);
        table(family, table).set(destination, list);
        version++;
        return List.of(route);
      }
    }
    return List.of();
  }

  /** Removes every route that is {@code unwanted}, and says which. */
  public List<KernelRoute> deleteAll(IpFamily family, Predicate<KernelRoute> unwanted) {
    var gone = new ArrayList<KernelRoute>();
    for (var table : tables(family).values()) {
      for (var route : table.all()) {
        if (unwanted.test(route)) {
          var list = new ArrayList<>(table.at(route.destination()));
          list.remove(route);
          table.set(route.destination(), list);
          gone.add(route);
          version++;
        }
      }
    }
    return gone;
  }

  /** The main table's routes, by prefix and metric. */
  public List<KernelRoute> routes(IpFamily family) {
    return routes(family, KernelRoute.TABLE_MAIN);
  }

  /** One table's routes, by prefix and metric. */
  public List<KernelRoute> routes(IpFamily family, int table) {
    var found = tables(family).get(table);
    return found == null ? List.of() : found.all();
  }

  /** The numbers of the tables that have routes, in order. */
  public List<Integer> tableNumbers(IpFamily family) {
    return tables(family).entrySet().stream()
        .filter(entry -> !entry.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The rules in the order they are asked. */
  public List<RoutingRule> rules(IpFamily family) {
    return List.copyOf(ruleList(family));
  }

  /** Adds a rule behind those of its priority; {@code FILE_EXISTS} for an equal one. */
  public RouteChange addRule(RoutingRule rule) {
    var list = ruleList(rule.family());
    if (list.contains(rule)) {
      return RouteChange.FILE_EXISTS;
    }
    int at = 0;
    while (at < list.size() && list.get(at).priority() <= rule.priority()) {
      at++;
    }
    list.add(at, rule);
    version++;
    return RouteChange.DONE;
  }

  /** Removes the first rule that is {@code wanted}. */
  public RouteChange deleteRule(IpFamily family, Predicate<RoutingRule> wanted) {
    var list = ruleList(family);
    for (int i = 0; i < list.size(); i++) {
      if (wanted.test(list.get(i))) {
        list.remove(i);
        version++;
        return RouteChange.DONE;
      }
    }
    return RouteChange.NO_SUCH_FILE;
  }

  /**
   * The best route for {@code key}: rules in order, in each table the longest prefix, in it the
   * lowest metric that suits the device asked for. Null where nothing matches.
   */
  public @Nullable KernelRoute lookup(FlowKey key) {
    var family = key.destination().family();
    var list = ruleList(family);
    for (int i = 0; i < list.size(); i++) {
      var rule = list.get(i);
      if (!rule.matches(key)) {
        continue;
      }
      var found =
          switch (rule.action()) {
            case LOOKUP -> lookup(rule.table(), key);
            case BLACKHOLE -> ruleRoute(RouteType.BLACKHOLE, rule, key);
            case UNREACHABLE -> ruleRoute(RouteType.UNREACHABLE, rule, key);
            case PROHIBIT -> ruleRoute(RouteType.PROHIBIT, rule, key);
          };
      if (found != null && found.type() != RouteType.THROW) {
        return found;
      }
    }
    return null;
  }

  private static KernelRoute ruleRoute(RouteType type, RoutingRule rule, FlowKey key) {
    return KernelRoute.error(type, KernelRoute.everything(key.destination().family()))
        .withTable(rule.table());
  }

  /** The best route of one table. */
  public @Nullable KernelRoute lookup(int number, FlowKey key) {
    IpAddress destination = key.destination();
    var table = tables(destination.family()).get(number);
    if (table == null) {
      return null;
    }
    int length = destination.family().bits();
    while (true) {
      var found = table.longestMatch(destination, length);
      if (found == null) {
        return null;
      }
      for (int i = 0; i < found.size(); i++) {
        var route = found.get(i);
        if ((route.tos() == 0 || route.tos() == (key.tos() & 0x1c))
            && (key.outDevice() == null || route.type().isError() || route.uses(key.outDevice()))) {
          return route;
        }
      }
      length = found.getFirst().destination().length() - 1;
    }
  }
}
