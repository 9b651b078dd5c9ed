package dev.aviary.ipam;

import dev.aviary.net.Prefix;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What IPAM reads of the cluster's other resources, at the time of each call. */
public interface IpamInputs {

  /** All pools, disabled ones too, in the order of their names. */
  List<IpPool> pools();

  /** All reserved prefixes; a single address is a /32 or /128. */
  List<Prefix> reservations();

  /** The labels of the node {@code host}; empty if there is no such node. */
  Optional<Map<String, String>> nodeLabels(String host);

  /**
   * True if {@code selector} matches {@code labels}; an empty selector matches.
   *
   * @throws IpamException if it does not parse
   */
  boolean matches(String selector, Map<String, String> labels) throws IpamException;
}
