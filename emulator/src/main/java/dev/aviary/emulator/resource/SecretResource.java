package dev.aviary.emulator.resource;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** Kubernetes' Secret: its values as text. */
public record SecretResource(Metadata metadata, Source source, Map<String, String> values)
    implements Resource {
  public SecretResource {
    values = java.util.Collections.unmodifiableMap(new TreeMap<>(values));
  }

  static SecretResource read(Fields fields, Source source) {
    var metadata = Metadata.read(fields, true);
    var values = new TreeMap<String, String>();
    var data = fields.object("data");
    fields
        .map("data")
        .forEach(
            (key, value) -> {
              try {
                var octets = Base64.getMimeDecoder().decode(value);
                values.put(key, new String(octets, StandardCharsets.UTF_8));
              } catch (IllegalArgumentException _) {
                data.problem(key, "must be base64");
              }
            });
    values.putAll(fields.map("stringData"));
    fields.accept("type", "immutable");
    return new SecretResource(metadata, source, values);
  }

  /** Its values are nobody's business. */
  @Override
  public String toString() {
    return "SecretResource[" + metadata.id() + "]";
  }
}
