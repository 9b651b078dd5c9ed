package dev.aviary.ipam.etcd;

import dev.aviary.ipam.IpamError;
import dev.aviary.ipam.IpamException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The few calls of etcd v3 that a datastore of Calico's kind needs, through its JSON gateway.
 *
 * <p>A call whose answer got lost is made again within its time. That is safe: every write names
 * what must be there before, and a value that is found to be the one that was to be written counts
 * as written.
 */
public final class EtcdClient implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EtcdClient.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final List<URI> endpoints;
  private final Patience patience;
  private final HttpClient http;
  private final AtomicLong calls = new AtomicLong();

  /** A key as it stands. */
  public record KeyValue(String key, String value, long revision) {}

  /**
   * What came of a write that names what must be there before.
   *
   * @param revision the key's new one; 0 if it was not written
   * @param now the key as it stands if it was not written; null if it is not there
   */
  record Written(boolean done, long revision, @Nullable KeyValue now) {}

  /**
   * @param endpoints as {@link #parse} gives them; tried in turn
   */
  public EtcdClient(List<URI> endpoints, Patience patience) {
    this(endpoints, patience, builder(patience));
  }

  /**
   * As above, with TLS where the endpoints are https.
   *
   * @param tls empty for what the JDK trusts, and no certificate of our own
   * @throws IOException if one of its files cannot be read or is not what it should be
   */
  public EtcdClient(List<URI> endpoints, Patience patience, Optional<EtcdTls> tls)
      throws IOException {
    this(
        endpoints,
        patience,
        tls.isEmpty() ? builder(patience) : builder(patience).sslContext(tls.get().context()));
  }

  private EtcdClient(List<URI> endpoints, Patience patience, HttpClient.Builder http) {
    this.endpoints = List.copyOf(endpoints);
    this.patience = patience;
    this.http = http.build();
  }

  private static HttpClient.Builder builder(Patience patience) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(patience.timeout());
  }

  /** Of "etcd://HOST:PORT[,HOST:PORT…]", or "etcds://…" for TLS; empty if it has another form. */
  public static Optional<List<URI>> parse(String text) {
    var lower = text.toLowerCase(Locale.ROOT);
    boolean tls = lower.startsWith("etcds://");
    var prefix = tls ? "etcds://" : "etcd://";
    if (!lower.startsWith(prefix)) {
      return Optional.empty();
    }
    var found = new ArrayList<URI>();
    for (var place : text.substring(prefix.length()).split(",", -1)) {
      if (!place.matches("(\\[[0-9a-fA-F:]+]|[A-Za-z0-9._-]+):[0-9]{1,5}")) {
        return Optional.empty();
      }
      found.add(URI.create((tls ? "https://" : "http://") + place));
    }
    return Optional.of(found);
  }

  /** How many calls were answered or tried so far. */
  public long calls() {
    return calls.get();
  }

  /** The key, or null if it is not there. */
  public @Nullable KeyValue get(String key) throws IpamException {
    var answer = call("/v3/kv/range", "{\"key\":\"" + base64(key) + "\"}", key).tree;
    return answer.has("kvs") ? keyValue(answer.get("kvs").get(0)) : null;
  }

  /** All keys that begin with {@code prefix}, in their order. */
  public List<KeyValue> list(String prefix) throws IpamException {
    var answer =
        call(
                "/v3/kv/range",
                "{\"key\":\"%s\",\"range_end\":\"%s\"}".formatted(base64(prefix), end(prefix)),
                prefix)
            .tree;
    var found = new ArrayList<KeyValue>();
    if (answer.has("kvs")) {
      answer.get("kvs").forEach(kv -> found.add(keyValue(kv)));
    }
    return found;
  }

  /** The datastore's revision now. */
  public long revision() throws IpamException {
    var answer =
        call("/v3/kv/range", "{\"key\":\"AA==\",\"count_only\":true}", "its revision").tree;
    return answer.get("header").get("revision").asLong();
  }

  /** Writes a key that must not be there. */
  Written create(String key, String value) throws IpamException {
    return transaction(key, value, "\"target\":\"VERSION\",\"version\":\"0\"", put(key, value));
  }

  /** Writes a key that must still have {@code revision}. */
  Written update(String key, String value, long revision) throws IpamException {
    return transaction(key, value, unchangedSince(revision), put(key, value));
  }

  /** Removes a key that must still have {@code revision}. */
  Written delete(String key, long revision) throws IpamException {
    return transaction(
        key,
        null,
        unchangedSince(revision),
        "{\"requestDeleteRange\":{\"key\":\"" + base64(key) + "\"}}");
  }

  /** Writes a key whatever is there. */
  public void put(String key, String value, boolean ifAbsent) throws IpamException {
    if (ifAbsent) {
      create(key, value);
    } else {
      call(
          "/v3/kv/put",
          "{\"key\":\"%s\",\"value\":\"%s\"}".formatted(base64(key), base64(value)),
          key);
    }
  }

  /** Removes a key whatever is there. */
  public void remove(String key) throws IpamException {
    call("/v3/kv/deleterange", "{\"key\":\"" + base64(key) + "\"}", key);
  }

  private static String unchangedSince(long revision) {
    return "\"target\":\"MOD\",\"modRevision\":\"" + revision + "\"";
  }

  private static String put(String key, String value) {
    return "{\"requestPut\":{\"key\":\"%s\",\"value\":\"%s\"}}"
        .formatted(base64(key), base64(value));
  }

  private Written transaction(String key, @Nullable String value, String condition, String write)
      throws IpamException {
    var body =
        ("{\"compare\":[{\"key\":\"%s\",\"result\":\"EQUAL\",%s}],\"success\":[%s],"
                + "\"failure\":[{\"requestRange\":{\"key\":\"%s\"}}]}")
            .formatted(base64(key), condition, write, base64(key));
    var answer = call("/v3/kv/txn", body, key);
    if (answer.tree.path("succeeded").asBoolean(false)) {
      return new Written(true, answer.tree.get("header").get("revision").asLong(), null);
    }
    var range = answer.tree.path("responses").path(0).path("response_range");
    var now = range.has("kvs") ? keyValue(range.get("kvs").get(0)) : null;
    if (answer.repeated
        && Optional.ofNullable(now).map(KeyValue::value).equals(Optional.ofNullable(value))) {
      // The try whose answer was lost had done it.
      return new Written(true, now == null ? 0 : now.revision(), null);
    }
    return new Written(false, 0, now);
  }

  private static KeyValue keyValue(JsonNode node) {
    return new KeyValue(
        text(node.get("key")),
        node.has("value") ? text(node.get("value")) : "",
        node.get("mod_revision").asLong());
  }

  private static String text(JsonNode base64) {
    return new String(Base64.getDecoder().decode(base64.asString()), StandardCharsets.UTF_8);
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The first key after all that begin with {@code prefix}, which ends in a slash. */
  static String end(String prefix) {
    var octets = prefix.getBytes(StandardCharsets.UTF_8);
    octets[octets.length - 1]++;
    return Base64.getEncoder().encodeToString(octets);
  }

  /**
   * An answer.
   *
   * @param repeated an earlier try may have been carried out
   */
  private record Answer(JsonNode tree, boolean repeated) {}

  private Answer call(String path, String body, String key) throws IpamException {
    long since = patience.nanoTime().getAsLong();
    boolean uncertain = false;
    String last = "no answer";
    for (int tries = 0; ; tries++) {
      var endpoint = endpoints.get(tries % endpoints.size());
      try {
        calls.incrementAndGet();
        var response =
            http.send(request(endpoint, path, body, since), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() == 200) {
          return new Answer(JSON.readTree(response.body()), uncertain);
        }
        // Anything else is etcd's own refusal, such as having no leader just now.
        last = "HTTP " + response.statusCode() + ": " + response.body().strip();
        if (response.statusCode() < 500) {
          throw unavailable(endpoint, key, last);
        }
        uncertain = true;
      } catch (ConnectException _) {
        last = "cannot connect";
      } catch (IOException e) {
        last = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        uncertain = true;
      } catch (JacksonException e) {
        throw unavailable(endpoint, key, "its answer is not JSON: " + e.getOriginalMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw unavailable(endpoint, key, "interrupted");
      }
      log.debug("etcd at {}: {}: {}", endpoint.getAuthority(), key, last);
      if (!waited(tries, since)) {
        throw unavailable(endpoint, key, last);
      }
    }
  }

  private boolean waited(int tries, long since) {
    try {
      return patience.backOff(tries, since);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private HttpRequest request(URI endpoint, String path, String body, long since) {
    var left = patience.left(since);
    return HttpRequest.newBuilder(endpoint.resolve(path))
        .timeout(left.isPositive() ? left : java.time.Duration.ofMillis(1))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private IpamException unavailable(URI endpoint, String key, String why) {
    return new IpamException(
        new IpamError.Unavailable(
            "etcd at %s did not serve %s within %d ms: %s"
                .formatted(endpoint.getAuthority(), key, patience.timeout().toMillis(), why)));
  }

  HttpClient http() {
    return http;
  }

  URI firstEndpoint() {
    return endpoints.getFirst();
  }

  @Override
  public void close() {
    // What waits for a change that never comes must not hold up the end.
    http.shutdownNow();
  }
}
