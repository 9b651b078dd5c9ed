package dev.aviary.ipam.etcd;

import dev.aviary.ipam.IpamStore;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One watch: a request whose answer never ends, a line per group of changes. When it breaks it goes
 * on after the last change that came; what etcd has compacted away by then is lost.
 */
final class EtcdWatch implements IpamStore.Watch, Flow.Subscriber<String> {
  private static final Logger log = LoggerFactory.getLogger(EtcdWatch.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final EtcdClient client;
  private final Patience patience;
  private final String prefix;
  private final Consumer<IpamStore.Change> listener;
  private final AtomicLong next = new AtomicLong();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicLong failures = new AtomicLong();
  private final AtomicReference<@Nullable CompletableFuture<?>> running = new AtomicReference<>();

  EtcdWatch(
      EtcdClient client,
      Patience patience,
      String prefix,
      long from,
      Consumer<IpamStore.Change> listener) {
    this.client = client;
    this.patience = patience;
    this.prefix = prefix;
    this.listener = listener;
    next.set(from);
  }

  void start() {
    var body =
        "{\"create_request\":{\"key\":\"%s\",\"range_end\":\"%s\",\"start_revision\":\"%d\"}}"
            .formatted(EtcdClient.base64(prefix), EtcdClient.end(prefix), next.get());
    var request =
        HttpRequest.newBuilder(client.firstEndpoint().resolve("/v3/watch"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    var sent =
        client
            .http()
            .sendAsync(request, HttpResponse.BodyHandlers.fromLineSubscriber(this))
            .whenComplete(
                (_, failure) -> {
                  if (!closed.get()) {
                    again(failure == null ? "the stream ended" : failure.getMessage());
                  }
                });
    running.set(sent);
  }

  private void again(@Nullable String why) {
    log.debug("watch of {} again: {}", prefix, why);
    try {
      long now = patience.nanoTime().getAsLong();
      patience.backOff((int) Math.min(failures.getAndIncrement(), 10), now);
      if (!closed.get()) {
        start();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    given.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(String line) {
    if (line.isBlank() || closed.get()) {
      return;
    }
    try {
      var result = JSON.readTree(line).path("result");
      failures.set(0);
      if (result.has("compact_revision")) {
        next.set(result.get("compact_revision").asLong());
      }
      for (var event : result.path("events")) {
        tell(event);
      }
    } catch (JacksonException e) {
      log.warn("watch of {}: not JSON: {}", prefix, e.getOriginalMessage());
    }
  }

  private void tell(JsonNode event) {
    var kv = event.get("kv");
    long revision = kv.get("mod_revision").asLong();
    next.accumulateAndGet(revision + 1, Math::max);
    listener.accept(
        new IpamStore.Change(
            new String(
                Base64.getDecoder().decode(kv.get("key").asString()), StandardCharsets.UTF_8),
            event.path("type").asString("PUT").equals("DELETE"),
            revision));
  }

  @Override
  public void onError(Throwable failure) {
    log.debug("watch of {} broke: {}", prefix, failure.getMessage());
  }

  @Override
  public void onComplete() {
    log.debug("watch of {} ended", prefix);
  }

  @Override
  public void close() {
    closed.set(true);
    var sent = running.get();
    if (sent != null) {
      sent.cancel(true);
    }
  }
}
