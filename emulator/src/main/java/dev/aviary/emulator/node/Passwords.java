package dev.aviary.emulator.node;

import dev.aviary.emulator.resource.Resources;
import dev.aviary.emulator.resource.SecretKey;
import dev.aviary.emulator.resource.SecretResource;
import java.util.Optional;

/** Sessions' passwords, out of Secrets. One that is missing leaves its session without. */
record Passwords(Resources resources, String namespace) {

  Optional<String> find(SecretKey key) {
    return resources
        .find(SecretResource.class, namespace, key.name())
        .flatMap(secret -> Optional.ofNullable(secret.values().get(key.key())))
        .filter(password -> !password.isEmpty());
  }
}
