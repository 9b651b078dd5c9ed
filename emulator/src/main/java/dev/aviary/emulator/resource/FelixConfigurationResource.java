package dev.aviary.emulator.resource;

import java.util.Map;
import java.util.TreeMap;

/**
 * Calico's FelixConfiguration: the settings of its spec as texts, read by Felix under its own
 * rules.
 */
public record FelixConfigurationResource(
    Metadata metadata, Source source, Map<String, String> settings) implements Resource {
  public FelixConfigurationResource {
    settings = java.util.Collections.unmodifiableMap(new TreeMap<>(settings));
  }

  static FelixConfigurationResource read(Fields fields, Source source) {
    var metadata = Metadata.read(fields, false);
    return new FelixConfigurationResource(metadata, source, fields.map("spec"));
  }
}
