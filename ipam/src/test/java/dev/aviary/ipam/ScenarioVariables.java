package dev.aviary.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a scenario's steps have saved under a name, and texts that refer to it. */
final class ScenarioVariables {
  private final Map<String, List<String>> saved = new HashMap<>();

  String one(String text) {
    return text.startsWith("$") ? expand(text).getFirst() : text;
  }

  List<String> expanded(@Nullable JsonNode list) {
    var found = new ArrayList<String>();
    if (list != null && list.isArray()) {
      list.forEach(item -> found.addAll(expand(item.asString())));
    } else if (list != null && list.isString()) {
      found.addAll(expand(list.asString()));
    }
    return found;
  }

  /** "$x", "$x[0]", "$x[1:3]", or the text itself. */
  private synchronized List<String> expand(String text) {
    if (!text.startsWith("$")) {
      return List.of(text);
    }
    int bracket = text.indexOf('[');
    var all = saved.get(text.substring(1, bracket < 0 ? text.length() : bracket));
    assertThat(all).as(text).isNotNull();
    if (bracket < 0) {
      return all;
    }
    var index = text.substring(bracket + 1, text.length() - 1);
    int colon = index.indexOf(':');
    if (colon < 0) {
      return List.of(all.get(Integer.parseInt(index)));
    }
    int from = colon == 0 ? 0 : Integer.parseInt(index.substring(0, colon));
    int to =
        colon == index.length() - 1 ? all.size() : Integer.parseInt(index.substring(colon + 1));
    return all.subList(from, to);
  }

  List<IpAddress> addresses(JsonNode list) {
    return expanded(list).stream().map(IpAddress::of).toList();
  }

  List<Prefix> cidrs(@Nullable JsonNode list) {
    return expanded(list).stream().map(Prefix::of).toList();
  }

  synchronized void save(JsonNode step, String what, List<String> values) {
    if (step.has("save")) {
      step.get("save")
          .forEachEntry(
              (name, from) -> {
                if (from.asString().equals(what)) {
                  saved.put(name, values);
                }
              });
    }
  }
}
