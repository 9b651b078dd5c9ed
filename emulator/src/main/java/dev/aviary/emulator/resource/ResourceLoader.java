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

  private ResourceLoader() {}

  /** What was read, and what a person should know of it: kinds that are not looked at. */
  public record Loaded(Resources resources, List<String> warnings) {}

  /** One text and the name that problems call it by. */
  public record Document(String name, String text) {}

  /** Reads files and directories (their .yaml, .yml and .json files, in the order of names). */
  public static Validation<Seq<Problem>, Loaded> load(List<String> paths) {
    var documents = new ArrayList<Document>();
    var problems = new ArrayList<Problem>();
    for (var path : paths) {
      for (var file : files(path, problems)) {
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
    return problems.isEmpty() ? parse(documents) : Validation.invalid(Vector.ofAll(problems));
  }

  private static String reason(IOException e) {
    return switch (e) {
      case java.nio.file.NoSuchFileException _ -> "no such file";
      case java.nio.file.AccessDeniedException _ -> "permission denied";
      default -> String.valueOf(e.getMessage());
    };
  }

  private static List<Path> files(String path, List<Problem> problems) {
    var given = Path.of(path);
    if (!Files.isDirectory(given)) {
      return List.of(given);
    }
    var found = new ArrayList<Path>();
    try (var entries = Files.newDirectoryStream(given, "*.{yaml,yml,json}")) {
      entries.forEach(found::add);
    } catch (IOException e) {
      problems.add(new Problem(path, 0, "", "cannot be read: " + reason(e)));
    }
    found.sort(null);
    if (found.isEmpty()) {
      problems.add(new Problem(path, 0, "", "holds no .yaml, .yml or .json file"));
    }
    return found;
  }

  /** Reads texts; all mistakes at once. */
  public static Validation<Seq<Problem>, Loaded> parse(List<Document> documents) {
    var loader = new ResourceLoader();
    for (var document : documents) {
      try {
        for (var node : YamlReader.read(document.name(), document.text())) {
          loader.add(document.name(), node);
        }
      } catch (MalformedYamlException e) {
        loader.problems.add(e.problem());
      }
    }
    var resources = new Resources(List.copyOf(loader.byIdentity.values()));
    if (loader.problems.isEmpty()) {
      loader.problems.addAll(CrossChecks.problems(resources));
    }
    return loader.problems.isEmpty()
        ? Validation.valid(new Loaded(resources, List.copyOf(loader.warnings)))
        : Validation.invalid(Vector.ofAll(loader.problems));
  }

  private void add(String file, YamlNode node) {
    if (!(node instanceof Mapping mapping)) {
      problems.add(new Problem(file, node.line(), "", "a resource must be a mapping"));
      return;
    }
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
            var metadata = found.metadata();
            byIdentity.put(
                found.getClass().getSimpleName()
                    + "/"
                    + kind
                    + "/"
                    + metadata.namespace()
                    + "/"
                    + metadata.name(),
                found);
          }
        });
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
      case "aviary Topology" -> Optional.of(TopologyResource.read(fields, source));
      default -> {
        warnings.add(
            "%s:%d: kind %s of %s is not looked at"
                .formatted(source.file(), source.line(), kind, version));
        fields.acceptAll();
        yield Optional.empty();
      }
    };
  }

  private static String group(String version) {
    return switch (version) {
      case "v1" -> "core";
      case "projectcalico.org/v3", "crd.projectcalico.org/v1" -> "calico";
      case "discovery.k8s.io/v1", "discovery.k8s.io/v1beta1" -> "discovery";
      case "networking.k8s.io/v1" -> "networking";
      case "aviary.dev/v1" -> "aviary";
      default -> version;
    };
  }
}
