package dev.aviary.felix.calc;

import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A block of addresses that belongs to {@code host}.
 *
 * @param borrowed the addresses in it that workloads of other hosts have, and those hosts
 */
public record Block(Prefix cidr, String host, SortedMap<IpAddress, String> borrowed) {
  public Block {
    borrowed = Collections.unmodifiableSortedMap(new TreeMap<>(borrowed));
  }

  public Block(Prefix cidr, String host) {
    this(cidr, host, new TreeMap<>());
  }
}
