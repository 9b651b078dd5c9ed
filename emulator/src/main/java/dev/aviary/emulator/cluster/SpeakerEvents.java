package dev.aviary.emulator.cluster;

import dev.aviary.bgp.SpeakerEvent;
import dev.aviary.bgp.SpeakerEvent.EndOfRib;
import dev.aviary.bgp.SpeakerEvent.RefreshRequested;
import dev.aviary.bgp.SpeakerEvent.SessionFailed;
import dev.aviary.bgp.SpeakerEvent.StateChanged;
import java.util.LinkedHashMap;

/** What happens to sessions, in a line. */
final class SpeakerEvents {
  private SpeakerEvents() {}

  static String line(SpeakerEvent event, boolean json) {
    if (!json) {
      return "%s %s: %s".formatted(event.at(), event.neighbor(), words(event));
    }
    var fields = new LinkedHashMap<String, Object>();
    fields.put("time", event.at().toString());
    fields.put("neighbor", event.neighbor());
    switch (event) {
      case StateChanged changed -> {
        fields.put("event", "state");
        fields.put("before", changed.before());
        fields.put("after", changed.after());
      }
      case SessionFailed failed -> {
        fields.put("event", "failed");
        fields.put("reason", failed.reason());
      }
      case EndOfRib end -> {
        fields.put("event", "end-of-rib");
        fields.put("family", end.family().toString());
      }
      case RefreshRequested refresh -> {
        fields.put("event", "refresh");
        fields.put("family", refresh.family().toString());
      }
    }
    return JsonText.line(fields);
  }

  private static String words(SpeakerEvent event) {
    return switch (event) {
      case StateChanged changed -> changed.before() + " -> " + changed.after();
      case SessionFailed failed -> failed.reason();
      case EndOfRib end -> "end of " + end.family();
      case RefreshRequested refresh -> "asks for " + refresh.family() + " again";
    };
  }
}
