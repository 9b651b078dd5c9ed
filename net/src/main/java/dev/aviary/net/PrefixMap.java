package dev.aviary.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A map from prefixes of both families to values, with longest match. A path-compressed binary trie
 * per family. Iteration is in the order of {@link Prefix#compareTo}. Not safe for several threads.
 */
public final class PrefixMap<V> {
  private @Nullable Node<V> v4;
  private @Nullable Node<V> v6;
  private int size;

  private static final class Node<V> {
    final Prefix prefix;
    @Nullable V value;
    @Nullable Node<V> zero;
    @Nullable Node<V> one;

    Node(Prefix prefix, @Nullable V value) {
      this.prefix = prefix;
      this.value = value;
    }

    @Nullable Node<V> child(int bit) {
      return bit == 0 ? zero : one;
    }

    void child(int bit, @Nullable Node<V> node) {
      if (bit == 0) {
        zero = node;
      } else {
        one = node;
      }
    }
  }

  /** How many prefixes have a value. */
  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** Sets the value of {@code prefix}; the value it had before, or null. */
  public @Nullable V put(Prefix prefix, V value) {
    Node<V> parent = null;
    var node = root(prefix.family());
    while (node != null && node.prefix.contains(prefix)) {
      if (node.prefix.length() == prefix.length()) {
        var before = node.value;
        node.value = value;
        if (before == null) {
          size++;
        }
        return before;
      }
      parent = node;
      node = node.child(prefix.address().bit(node.prefix.length()));
    }
    var added = new Node<V>(prefix, value);
    size++;
    if (node == null) {
      attach(parent, prefix, added);
    } else if (prefix.contains(node.prefix)) {
      added.child(node.prefix.address().bit(prefix.length()), node);
      attach(parent, prefix, added);
    } else {
      int common = commonLength(prefix, node.prefix);
      var fork = new Node<V>(prefix.withLength(common), null);
      fork.child(prefix.address().bit(common), added);
      fork.child(node.prefix.address().bit(common), node);
      attach(parent, prefix, fork);
    }
    return null;
  }

  private void attach(@Nullable Node<V> parent, Prefix prefix, @Nullable Node<V> node) {
    if (parent != null) {
      parent.child(prefix.address().bit(parent.prefix.length()), node);
    } else if (prefix.family() == IpFamily.IPV4) {
      v4 = node;
    } else {
      v6 = node;
    }
  }

  private @Nullable Node<V> root(IpFamily family) {
    return family == IpFamily.IPV4 ? v4 : v6;
  }

  private static int commonLength(Prefix a, Prefix b) {
    int limit = Math.min(a.length(), b.length());
    int length = 0;
    while (length < limit && a.address().bit(length) == b.address().bit(length)) {
      length++;
    }
    return length;
  }

  /** The value of exactly {@code prefix}, or null. */
  public @Nullable V get(Prefix prefix) {
    var node = root(prefix.family());
    while (node != null && node.prefix.contains(prefix)) {
      if (node.prefix.length() == prefix.length()) {
        return node.value;
      }
      node = node.child(prefix.address().bit(node.prefix.length()));
    }
    return null;
  }

  /** Removes {@code prefix}; the value it had, or null. */
  public @Nullable V remove(Prefix prefix) {
    Node<V> grandparent = null;
    Node<V> parent = null;
    var node = root(prefix.family());
    while (node != null && node.prefix.contains(prefix) && node.prefix.length() < prefix.length()) {
      grandparent = parent;
      parent = node;
      node = node.child(prefix.address().bit(node.prefix.length()));
    }
    if (node == null || !node.prefix.equals(prefix) || node.value == null) {
      return null;
    }
    var before = node.value;
    node.value = null;
    size--;
    if (node.zero == null || node.one == null) {
      attach(parent, prefix, node.zero != null ? node.zero : node.one);
      // A fork that has lost one arm is a plain link again.
      if (parent != null && parent.value == null && (parent.zero == null || parent.one == null)) {
        attach(grandparent, parent.prefix, parent.zero != null ? parent.zero : parent.one);
      }
    }
    return before;
  }

  /** The longest prefix that contains {@code address}, and its value; null if none does. */
  public Map.@Nullable Entry<Prefix, V> longestMatch(IpAddress address) {
    return longestMatch(address.toPrefix());
  }

  /** The longest prefix that contains {@code target}, and its value; null if none does. */
  public Map.@Nullable Entry<Prefix, V> longestMatch(Prefix target) {
    Map.Entry<Prefix, V> best = null;
    var node = root(target.family());
    while (node != null && node.prefix.contains(target)) {
      if (node.value != null) {
        best = Map.entry(node.prefix, node.value);
      }
      if (node.prefix.length() == target.length()) {
        break;
      }
      node = node.child(target.address().bit(node.prefix.length()));
    }
    return best;
  }

  /** All entries inside {@code cover}, itself included, in order. */
  public List<Map.Entry<Prefix, V>> coveredBy(Prefix cover) {
    var found = new ArrayList<Map.Entry<Prefix, V>>();
    var node = root(cover.family());
    while (node != null && node.prefix.length() < cover.length()) {
      node =
          node.prefix.contains(cover)
              ? node.child(cover.address().bit(node.prefix.length()))
              : null;
    }
    if (node != null && cover.contains(node.prefix)) {
      walk(node, (prefix, value) -> found.add(Map.entry(prefix, value)));
    }
    return found;
  }

  /** Calls {@code action} for each entry, IPv4 first, in order. */
  public void forEach(BiConsumer<Prefix, V> action) {
    walk(v4, action);
    walk(v6, action);
  }

  private static <V> void walk(@Nullable Node<V> node, BiConsumer<Prefix, V> action) {
    if (node == null) {
      return;
    }
    if (node.value != null) {
      action.accept(node.prefix, node.value);
    }
    walk(node.zero, action);
    walk(node.one, action);
  }
}
