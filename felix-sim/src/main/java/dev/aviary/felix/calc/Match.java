package dev.aviary.felix.calc;

/**
 * The match part of a rule, in the words that Felix gives to {@code iptables-restore} and hashes.
 * Each method appends one fragment, so the order of calls is the order in the text.
 */
public record Match(String text) {
  /** Matches every packet. */
  public static final Match ANY = new Match("");

  private Match and(String fragment) {
    return new Match(text.isEmpty() ? fragment : text + " " + fragment);
  }

  /** Go's {@code %#x}: lower case, and 0 is {@code 0x0}. */
  static String hex(int bits) {
    return "0x" + Integer.toHexString(bits);
  }

  public Match markClear(int bits) {
    return and("-m mark --mark 0/" + hex(bits));
  }

  public Match markNotClear(int bits) {
    return and("-m mark ! --mark 0/" + hex(bits));
  }

  public Match markSet(int bits) {
    return markMatches(bits, bits);
  }

  public Match markMatches(int mark, int mask) {
    return and("-m mark --mark " + hex(mark) + "/" + hex(mask));
  }

  public Match notMarkMatches(int mark, int mask) {
    return and("-m mark ! --mark " + hex(mark) + "/" + hex(mask));
  }

  public Match inInterface(String name) {
    return and("--in-interface " + name);
  }

  public Match outInterface(String name) {
    return and("--out-interface " + name);
  }

  /** The reply would not leave where the packet came in. */
  public Match reversePathFailed() {
    return and("-m rpfilter --invert --validmark");
  }

  public Match sourceLocal() {
    return and("-m addrtype --src-type LOCAL");
  }

  public Match destinationLocal() {
    return and("-m addrtype --dst-type LOCAL");
  }

  /** The source is no address of the outgoing interface. */
  public Match sourceNotOnOutInterface() {
    return and("-m addrtype ! --src-type LOCAL --limit-iface-out");
  }

  public Match conntrack(String states) {
    return and("-m conntrack --ctstate " + states);
  }

  public Match notConntrack(String states) {
    return and("-m conntrack ! --ctstate " + states);
  }

  public Match protocol(String protocol) {
    return and("-p " + protocol);
  }

  public Match notProtocol(String protocol) {
    return and("! -p " + protocol);
  }

  public Match source(String net) {
    return and("--source " + net);
  }

  public Match notSource(String net) {
    return and("! --source " + net);
  }

  public Match destination(String net) {
    return and("--destination " + net);
  }

  public Match notDestination(String net) {
    return and("! --destination " + net);
  }

  public Match sourceSet(String name) {
    return and("-m set --match-set " + name + " src");
  }

  public Match notSourceSet(String name) {
    return and("-m set ! --match-set " + name + " src");
  }

  public Match destinationSet(String name) {
    return and("-m set --match-set " + name + " dst");
  }

  public Match notDestinationSet(String name) {
    return and("-m set ! --match-set " + name + " dst");
  }

  public Match sourcePortSet(String name) {
    return and("-m set --match-set " + name + " src,src");
  }

  public Match notSourcePortSet(String name) {
    return and("-m set ! --match-set " + name + " src,src");
  }

  public Match destinationPortSet(String name) {
    return and("-m set --match-set " + name + " dst,dst");
  }

  public Match notDestinationPortSet(String name) {
    return and("-m set ! --match-set " + name + " dst,dst");
  }

  public Match sourcePorts(String ports) {
    return and("-m multiport --source-ports " + ports);
  }

  public Match notSourcePorts(String ports) {
    return and("-m multiport ! --source-ports " + ports);
  }

  public Match destinationPorts(String ports) {
    return and("-m multiport --destination-ports " + ports);
  }

  public Match notDestinationPorts(String ports) {
    return and("-m multiport ! --destination-ports " + ports);
  }

  /** An ICMP type, or "type/code". */
  public Match icmp(String type) {
    return and("-m icmp --icmp-type " + type);
  }

  public Match notIcmp(String type) {
    return and("-m icmp ! --icmp-type " + type);
  }

  /** An ICMPv6 type, or "type/code". */
  public Match icmpV6(String type) {
    return and("-m icmp6 --icmpv6-type " + type);
  }

  public Match notIcmpV6(String type) {
    return and("-m icmp6 ! --icmpv6-type " + type);
  }
}
