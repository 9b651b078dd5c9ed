package dev.aviary.emulator.resource;

import dev.aviary.emulator.resource.YamlNode.Mapping;
import dev.aviary.emulator.resource.YamlReader.MalformedYamlException;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Validation;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Files to resources, or every mistake in them. */
public final class ResourceLoader {
  private final List<Problem> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final Map<String, Resource> byIdentity = new LinkedHashMap<>();

  private final Reading reading;

  private ResourceLoader(Reading reading) {
    this.reading = reading;
  }

  /** What was read, and what a person should know of it: kinds that are not looked at. */
  public record Loaded(Resources resources, List<String> warnings) {}

  /** One text and the name that problems call it by. */
  public record Document(String name, String text) {}

  /**
   * How strictly texts are taken.
   *
   * @param strict a kind that nobody looks at is an error, not a warning
   * @param namespace of namespaced resources that name none
   * @param whole what is read is a whole cluster, to be checked against itself
   */
  public record Reading(boolean strict, Optional<String> namespace, boolean whole) {
    /** A cluster's manifests. */
    public static final Reading CLUSTER = new Reading(false, Optional.empty(), true);
  }

  /** Reads files and directories (their .yaml, .yml and .json files, in the order of names). */
  public static Validation<Seq<Problem>, Loaded> load(List<String> paths) {
    return load(paths, false, Reading.CLUSTER);
  }

  /** As {@link #load(List)}, into folders of folders too if {@code recursive}. */
  public static Validation<Seq<Problem>, Loaded> load(
      List<String> paths, boolean recursive, Reading reading) {
    var documents = documents(paths, recursive);
    return documents.isValid()
        ? parse(documents.get(), reading)
        : Validation.invalid(documents.getError());
  }

  /** The texts of files and directories; "-" is the standard input. */
  public static Validation<Seq<Problem>, List<Document>> documents(
      List<String> paths, boolean recursive) {
    var documents = new ArrayList<Document>();
    var problems = new ArrayList<Problem>();
    for (var path : paths) {
      if (path.equals("-")) {
        documents.add(standardInput(problems));
        continue;
      }
      for (var file : files(path, recursive, problems)) {
        try {
          documents.add(
              new Document(file.toString(), Files.readString(file, StandardCharsets.UTF_8)));
        } catch (MalformedInputException _) {
          problems.add(new Problem(file.toString(), 0, "", "is not UTF-8"));
        } catch (IOException e) {
          problems.add(new Problem(file.toString(), 0, "", "cannot be read: " + reason(e)));
        }
      }
    }
    return problems.isEmpty()
        ? Validation.valid(List.copyOf(documents))
        : Validation.invalid(Vector.ofAll(problems));
  }

  private static Document standardInput(List<Problem> problems) {
    try {
      return new Document("<stdin>", new String(System.in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      problems.add(new Problem("<stdin>", 0, "", "cannot be read: " + reason(e)));
      return new Document("<stdin>", "");
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case java.nio.file.NoSuchFileException _ -> "no such file";
      case java.nio.file.AccessDeniedException _ -> "permission denied";
      default -> String.valueOf(e.getMessage());
    };
  }

  private static List<Path> files(String path, boolean recursive, List<Problem> problems) {
    var given = Path.of(path);
    if (!Files.isDirectory(given)) {
      return List.of(given);
    }
    var found = new ArrayList<Path>();
    try (var entries = Files.walk(given, recursive ? Integer.MAX_VALUE : 1)) {
      entries.filter(ResourceLoader::isManifest).forEach(found::add);
    } catch (IOException | java.io.UncheckedIOException e) {
      problems.add(new Problem(path, 0, "", "cannot be read: " + e.getMessage()));
    }
    found.sort(null);
    if (found.isEmpty()) {
      problems.add(new Problem(path, 0, "", "holds no .yaml, .yml or .json file"));
    }
    return found;
  }

  private static boolean isManifest(Path file) {
    return Files.isRegularFile(file)
        && String.valueOf(file.getFileName())
            .toLowerCase(java.util.Locale.ROOT)
            .matches(".*\\.(yaml|yml|json)");
  }

  /** Reads texts; all mistakes at once. */
  public static Validation<Seq<Problem>, Loaded> parse(List<Document> documents) {
    return parse(documents, Reading.CLUSTER);
  }

  /** Reads texts; all mistakes at once. */
  public static Validation<Seq<Problem>, Loaded> parse(List<Document> documents, Reading reading) {
    var loader = new ResourceLoader(reading);
    for (var document : documents) {
      try {
        for (var node : YamlReader.read(document.name(), document.text())) {
          loader.add(document.name(), node);
        }
      } catch (MalformedYamlException e) {
        loader.problems.add(e.problem());
      }
    }
    return loader.loaded();
  }

  /** Reads one document that was made of another: after a patch, or with other labels. */
  public static Validation<Seq<Problem>, Loaded> parse(String file, Mapping document) {
    var loader = new ResourceLoader(new Reading(true, Optional.empty(), false));
    loader.add(file, document);
    return loader.loaded();
  }

  /** Reads a patch: one mapping. */
  public static Validation<Seq<Problem>, Mapping> patch(String text) {
    try {
      var nodes = YamlReader.read("--patch", text);
      return nodes.size() == 1 && nodes.getFirst() instanceof Mapping mapping
          ? Validation.valid(mapping)
          : Validation.invalid(Vector.of(new Problem("--patch", 0, "", "must be one mapping")));
    } catch (MalformedYamlException e) {
      return Validation.invalid(Vector.of(e.problem()));
    }
  }

  /** Mistakes that show only when resources are held against each other. */
  public static List<Problem> crossCheck(Resources resources) {
    return CrossChecks.problems(resources);
  }

  private Validation<Seq<Problem>, Loaded> loaded() {
    var resources = new Resources(List.copyOf(byIdentity.values()));
    if (problems.isEmpty() && reading.whole()) {
      problems.addAll(CrossChecks.problems(resources));
    }
    return problems.isEmpty()
        ? Validation.valid(new Loaded(resources, List.copyOf(warnings)))
        : Validation.invalid(Vector.ofAll(problems));
  }

  private void add(String file, YamlNode node) {
    if (!(node instanceof Mapping given)) {
      problems.add(new Problem(file, node.line(), "", "a resource must be a mapping"));
      return;
    }
    var mapping = inNamespace(file, given);
    var fields = new Fields(file, "", mapping, problems);
    var kind = fields.required("kind");
    var version = fields.required("apiVersion");
    if (kind.isEmpty() || version.isEmpty()) {
      return;
    }
    if (kind.endsWith("List") && fields.has("items")) {
      if (mapping.find("items") instanceof YamlNode.Sequence(_, var items)) {
        items.forEach(item -> add(file, item));
      }
      return;
    }
    int before = problems.size();
    var source = new Resource.Source(file, mapping.line(), mapping);
    var resource = read(version, kind, fields, source);
    fields.done();
    resource.ifPresent(
        found -> {
          if (problems.size() == before) {
            // A later file replaces a resource of the same kind and name.
            byIdentity.put(found.identity(), found);
          }
        });
  }

  /** {@code document} with the namespace of the command line, where it has none of its own. */
  private Mapping inNamespace(String file, Mapping document) {
    boolean namespaced =
        document.find("apiVersion") instanceof YamlNode.Scalar version
            && document.find("kind") instanceof YamlNode.Scalar kind
            && ResourceKind.of(version.text(), kind.text())
                .filter(ResourceKind::namespaced)
                .isPresent();
    if (!namespaced
        || reading.namespace().isEmpty()
        || !(document.find("metadata") instanceof Mapping metadata)) {
      return document;
    }
    var wanted = reading.namespace().get();
    if (metadata.find("namespace") instanceof YamlNode.Scalar own) {
      if (!own.text().equals(wanted)) {
        problems.add(
            new Problem(
                file,
                own.line(),
                "metadata.namespace",
                "resource namespace does not match client namespace. %s != %s"
                    .formatted(own.text(), wanted)));
      }
      return document;
    }
    int line = metadata.line();
    var entries = new LinkedHashMap<>(metadata.entries());
    entries.put(
        "namespace",
        new Mapping.Entry(line, new YamlNode.Scalar(line, wanted, YamlNode.Scalar.Kind.STRING)));
    var whole = new LinkedHashMap<>(document.entries());
    whole.put("metadata", new Mapping.Entry(line, new Mapping(line, entries)));
    return new Mapping(document.line(), whole);
  }

  /** Empty if the kind is none of ours, or if its mistakes leave nothing. */
  private Optional<? extends Resource> read(
      String version, String kind, Fields fields, Resource.Source source) {
    var type = group(version) + " " + kind;
    return switch (type) {
      case "calico Node" -> Optional.of(NodeResource.read(fields, source));
      case "calico IPPool" -> IpPoolResource.read(fields, source);
      case "calico BGPConfiguration" -> Optional.of(BgpConfigurationResource.read(fields, source));
      case "calico BGPFilter" -> Optional.of(BgpFilterResource.read(fields, source));
      case "calico BlockAffinity" -> BlockAffinityResource.read(fields, source);
      case "calico HostEndpoint" -> Optional.of(HostEndpointResource.read(fields, source));
      case "calico IPAMConfiguration", "calico IPAMConfig" ->
          Optional.of(IpamConfigResource.read(fields, source));
      case "calico KubeControllersConfiguration" ->
          Optional.of(KubeControllersConfigurationResource.read(fields, source));
      case "calico IPReservation" -> Optional.of(IpReservationResource.read(fields, source));
      case "calico CalicoNodeStatus" -> Optional.of(NodeStatusResource.read(fields, source));
      case "calico Profile" -> Optional.of(ProfileResource.read(fields, source));
      case "calico BGPPeer" -> Optional.of(BgpPeerResource.read(fields, source));
      case "calico FelixConfiguration" ->
          Optional.of(FelixConfigurationResource.read(fields, source));
      case "calico WorkloadEndpoint" -> Optional.of(WorkloadEndpointResource.read(fields, source));
      case "calico NetworkPolicy" ->
          Optional.of(NetworkPolicyResource.readCalico(fields, source, false));
      case "calico GlobalNetworkPolicy" ->
          Optional.of(NetworkPolicyResource.readCalico(fields, source, true));
      case "calico NetworkSet" -> Optional.of(NetworkSetResource.read(fields, source, false));
      case "calico GlobalNetworkSet" -> Optional.of(NetworkSetResource.read(fields, source, true));
      case "core Node" -> Optional.of(KubernetesNodeResource.read(fields, source));
      case "core Namespace" -> Optional.of(NamespaceResource.read(fields, source));
      case "core ServiceAccount" -> Optional.of(ServiceAccountResource.read(fields, source));
      case "core Secret" -> Optional.of(SecretResource.read(fields, source));
      case "core Pod" -> Optional.of(PodResource.read(fields, source));
      case "core Service" -> Optional.of(ServiceResource.read(fields, source));
      case "core Endpoints" -> Optional.of(EndpointsResource.readEndpoints(fields, source));
      case "discovery EndpointSlice" -> Optional.of(EndpointsResource.readSlice(fields, source));
      case "networking NetworkPolicy" -> Optional.of(KubernetesPolicyReader.read(fields, source));
      case "kube_proxy KubeProxyConfiguration" ->
          Optional.of(KubeProxyConfigurationResource.read(fields, source));
      case "aviary Topology" -> Optional.of(TopologyResource.read(fields, source));
      default -> {
        var unknown = "kind %s of %s is not looked at".formatted(kind, version);
        if (reading.strict()) {
          problems.add(source.problem("kind", unknown));
        } else {
          warnings.add("%s:%d: %s".formatted(source.file(), source.line(), unknown));
        }
        fields.acceptAll();
        yield Optional.empty();
      }
    };
  }

  private static String group(String version) {
    return ResourceKind.Group.of(version)
        .map(group -> group.name().toLowerCase(java.util.Locale.ROOT))
        .orElse(version);
  }
}
