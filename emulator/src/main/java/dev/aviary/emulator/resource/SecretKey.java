package dev.aviary.emulator.resource;

import java.util.Optional;

/** A value inside a Secret, of the namespace that calico-node runs in. */
public record SecretKey(String name, String key) {

  /** The {@code secretKeyRef} inside the field {@code name}, if it is there. */
  static Optional<SecretKey> read(Fields spec, String name) {
    if (!spec.has(name)) {
      return Optional.empty();
    }
    var password = spec.object(name);
    var reference = password.object("secretKeyRef");
    var read = new SecretKey(reference.required("name"), reference.required("key"));
    reference.accept("optional");
    reference.done();
    password.done();
    return Optional.of(read);
  }
}
