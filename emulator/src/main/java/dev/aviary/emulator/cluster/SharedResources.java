package dev.aviary.emulator.cluster;

import dev.aviary.emulator.resource.Resource;
import dev.aviary.emulator.resource.ResourceKind;
import dev.aviary.emulator.resource.ResourceLoader;
import dev.aviary.emulator.resource.ResourcePrinter;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.ipam.IpamException;
import dev.aviary.ipam.etcd.EtcdResources;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resources that all processes of a cluster must agree about, in their etcd under Calico's own
 * keys: pools, reservations and nodes. Whoever comes first writes them; what is there is what
 * counts.
 */
final class SharedResources {
  private static final List<String> KINDS = List.of("IPPool", "IPReservation", "Node");
  private static final Logger log = LoggerFactory.getLogger(SharedResources.class);

  private final EtcdResources etcd;

  SharedResources(EtcdResources etcd) {
    this.etcd = etcd;
  }

  private static boolean isShared(Resource resource) {
    return ResourceKind.of(resource)
        .filter(kind -> kind.group() == ResourceKind.Group.CALICO && KINDS.contains(kind.kind()))
        .isPresent();
  }

  /** Writes those of {@code own} that nobody has written yet. */
  void offer(Resources own) throws IpamException {
    for (var resource : own.all()) {
      if (isShared(resource)) {
        put(resource, true);
      }
    }
  }

  private void put(Resource resource, boolean ifAbsent) throws IpamException {
    etcd.put(
        kind(resource),
        resource.metadata().name(),
        ResourcePrinter.one(resource, ResourcePrinter.Statuses.NONE, true),
        ifAbsent);
  }

  private static String kind(Resource resource) {
    return ResourceKind.of(resource).orElseThrow().kind();
  }

  /** {@code own} with the shared resources as etcd has them. */
  Resources read(Resources own) throws IpamException {
    var merged = new ArrayList<>(own.all().stream().filter(r -> !isShared(r)).toList());
    for (var kind : KINDS) {
      for (var text : etcd.all(kind)) {
        var document = ResourceLoader.patch(text.json());
        var read = document.flatMap(mapping -> ResourceLoader.parse(text.key(), mapping));
        if (read.isInvalid()) {
          log.warn("left out: {}", read.getError().head());
        } else {
          merged.addAll(read.get().resources().all());
        }
      }
    }
    return new Resources(merged);
  }

  /** Writes what a change of the resources has changed. */
  void write(Resources before, Resources after) throws IpamException {
    var old = shared(before);
    var now = shared(after);
    for (var resource : now.values()) {
      if (!resource.equals(old.get(resource.identity()))) {
        put(resource, false);
      }
    }
    for (var resource : old.values()) {
      if (!now.containsKey(resource.identity())) {
        etcd.remove(kind(resource), resource.metadata().name());
      }
    }
  }

  private static Map<String, Resource> shared(Resources resources) {
    var found = new LinkedHashMap<String, Resource>();
    resources.all().stream()
        .filter(SharedResources::isShared)
        .forEach(r -> found.put(r.identity(), r));
    return found;
  }
}
