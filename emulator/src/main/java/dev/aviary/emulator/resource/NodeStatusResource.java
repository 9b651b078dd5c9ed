package dev.aviary.emulator.resource;

import java.util.ArrayList;
import java.util.List;

/**
 * Calico's CalicoNodeStatus: which reports of a node are wanted; what they say is filled in.
 *
 * @param periodSeconds how often they are wanted; 0 for never
 */
public record NodeStatusResource(
    Metadata metadata, Source source, String node, List<ReportClass> classes, int periodSeconds)
    implements Resource {
  public NodeStatusResource {
    classes = List.copyOf(classes);
  }

  /** A part of the report. */
  public enum ReportClass {
    AGENT("Agent"),
    BGP("BGP"),
    ROUTES("Routes");

    private final String text;

    ReportClass(String text) {
      this.text = text;
    }

    /** As manifests have it. */
    public String text() {
      return text;
    }
  }

  static NodeStatusResource read(Fields fields, Source source) {
    var metadata = Metadata.read(fields, false);
    var spec = fields.object("spec");
    var classes = new ArrayList<ReportClass>();
    for (var text : spec.texts("classes")) {
      boolean known = false;
      for (var each : ReportClass.values()) {
        if (each.text().equals(text)) {
          classes.add(each);
          known = true;
        }
      }
      if (!known) {
        spec.problem("classes", "must be one of Agent, BGP, Routes, is '" + text + "'");
      }
    }
    var read =
        new NodeStatusResource(
            metadata,
            source,
            spec.required("node"),
            classes,
            spec.number("updatePeriodSeconds", 0, 86400).orElse(0));
    fields.accept("status");
    spec.done();
    return read;
  }
}
