package dev.aviary.felix.calc;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Labels of endpoints and network sets, with those that they inherit from their profiles. */
final class EffectiveLabels {
  private final Map<String, Profile> profiles = new HashMap<>();

  EffectiveLabels(List<Profile> profiles) {
    profiles.forEach(profile -> this.profiles.put(profile.name(), profile));
  }

  /** Own labels win over inherited ones, and earlier profiles over later ones. */
  Map<String, String> of(Map<String, String> own, List<String> names) {
    var labels = new HashMap<String, String>();
    for (var name : names.reversed()) {
      var profile = profiles.get(name);
      if (profile != null) {
        labels.putAll(profile.labels());
      }
    }
    labels.putAll(own);
    return labels;
  }
}
