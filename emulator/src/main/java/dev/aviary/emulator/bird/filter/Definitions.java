package dev.aviary.emulator.bird.filter;

import java.util.List;
import java.util.Map;

/** What a configuration defines for its filters. */
public record Definitions(
    Map<String, Function> functions, Map<String, Statement> filters, Map<String, Value> constants) {
  public static final Definitions NONE = new Definitions(Map.of(), Map.of(), Map.of());

  public Definitions {
    functions = Map.copyOf(functions);
    filters = Map.copyOf(filters);
    constants = Map.copyOf(constants);
  }

  /** A function: the names of its parameters, and what it does. */
  public record Function(List<String> parameters, Statement body) {
    public Function {
      parameters = List.copyOf(parameters);
    }
  }

  /** For a text that uses them. */
  public Names names() {
    return new Names(functions.keySet(), constants.keySet());
  }
}
