package dev.aviary.felix.calc;

import java.util.ArrayList;
import java.util.List;

/**
 * A chain and its rules, each with the text and the hash that stand for it in the kernel. {@code
 * name} is a chain of ours, or a built-in one ("FORWARD"), or "FORWARD*appends*" for the rules at
 * the end of a built-in one.
 */
public record Chain(String name, List<Rule> rules, List<String> fragments, List<String> hashes) {
  private static final String APPENDS = "*appends*";

  public static Chain of(String name, List<Rule> rules) {
    var fragments = rules.stream().map(Rule::fragment).toList();
    return new Chain(name, List.copyOf(rules), fragments, RuleHashes.of(name, fragments));
  }

  public static Chain of(String name, Rule... rules) {
    return of(name, List.of(rules));
  }

  /** The rules that are kept at the end of the built-in chain {@code kernelChain}. */
  public static Chain appended(String kernelChain, List<Rule> rules) {
    return of(kernelChain + APPENDS, rules);
  }

  /** The chain of the kernel that these rules are in. */
  public String kernelName() {
    return name.endsWith(APPENDS) ? name.substring(0, name.length() - APPENDS.length()) : name;
  }

  /** What follows {@code -A chain} of rule {@code index}, counted from 0, the hash included. */
  public String text(int index) {
    var fragment = fragments.get(index);
    var hash = "-m comment --comment \"cali:" + hashes.get(index) + "\"";
    return fragment.isEmpty() ? hash : hash + " " + fragment;
  }

  /** The {@code -A} line of each rule. */
  public List<String> lines() {
    var lines = new ArrayList<String>(rules.size());
    for (int i = 0; i < rules.size(); i++) {
      lines.add("-A " + kernelName() + " " + text(i));
    }
    return lines;
  }
}
