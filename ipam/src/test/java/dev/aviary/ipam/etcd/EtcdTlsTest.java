package dev.aviary.ipam.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real etcd that lets nobody in without a certificate of its authority. */
class EtcdTlsTest {
  @TempDir private Path folder = Path.of("");

  private Path file(String name) {
    return folder.resolve(name);
  }

  private void openssl(String... words) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(words));
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(file("openssl.log").toFile())
              .start();
    } catch (IOException e) {
      abort("there is no openssl here: " + e.getMessage());
      return;
    }
    assertThat(process.waitFor()).as(() -> String.join(" ", command)).isZero();
  }

  private void authority(String name) throws Exception {
    openssl(
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=" + name,
        "-keyout",
        name + ".key",
        "-out",
        name + ".crt");
  }

  private void signed(String name, String keyType) throws Exception {
    openssl(
        "req",
        "-newkey",
        keyType,
        "-nodes",
        "-subj",
        "/CN=" + name,
        "-addext",
        "subjectAltName=IP:127.0.0.1",
        "-keyout",
        name + ".key",
        "-out",
        name + ".csr");
    openssl(
        "x509",
        "-req",
        "-in",
        name + ".csr",
        "-CA",
        "ca.crt",
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
        "-days",
        "2",
        "-copy_extensions",
        "copy",
        "-out",
        name + ".crt");
  }

  private EtcdClient client(EtcdServer server, EtcdTls tls) throws IOException {
    return new EtcdClient(
        server.endpoints(), EtcdServer.patience(Duration.ofSeconds(20)), Optional.of(tls));
  }

  @Test
  void whoHasACertificateOfTheAuthorityIsServed() throws Exception {
    authority("ca");
    authority("stranger");
    signed("server", "rsa:2048");
    signed("client", "rsa:2048");
    var own =
        new EtcdTls(
            Optional.of(file("ca.crt")),
            Optional.of(file("client.crt")),
            Optional.of(file("client.key")));
    var tls = new EtcdServer.Tls(file("ca.crt"), file("server.crt"), file("server.key"), own);
    try (var server = EtcdServer.start(tls)) {
      assertThat(server.endpoints()).allMatch(uri -> uri.getScheme().equals("https"));
      try (var client = client(server, own)) {
        client.put("/calico/ipam/v2/config", "{}", false);
        assertThat(client.list("/calico/")).hasSize(1);
      }
      var nobody = new EtcdTls(own.authority(), Optional.empty(), Optional.empty());
      refused(server, nobody);
      refused(server, new EtcdTls(Optional.of(file("stranger.crt")), own.certificate(), own.key()));
    }
  }

  private static void refused(EtcdServer server, EtcdTls tls) throws IOException {
    try (var client =
        new EtcdClient(
            server.endpoints(), EtcdServer.patience(Duration.ofMillis(500)), Optional.of(tls))) {
      assertThatThrownBy(() -> client.get("/calico/ipam/v2/config"))
          .hasMessageContaining("did not serve /calico/ipam/v2/config");
    }
  }

  @Test
  void filesThatAreNotWhatTheyShouldBeAreNamed() throws Exception {
    var text = Files.writeString(file("text"), "hello");
    assertThatThrownBy(
            () ->
                new EtcdTls(Optional.of(file("absent")), Optional.empty(), Optional.empty())
                    .context())
        .hasMessageContaining("absent");
    assertThatThrownBy(
            () -> new EtcdTls(Optional.empty(), Optional.of(text), Optional.empty()).context())
        .hasMessage("a client's certificate and its key go together");
  }

  @Test
  void calicoctlsVariablesNameTheFiles() {
    assertThat(EtcdTls.of(Map.of("ETCD_ENDPOINTS", "x", "ETCD_CERT_FILE", ""))).isEmpty();
    assertThat(EtcdTls.of(Map.of("ETCD_CA_CERT_FILE", "/ca.crt")))
        .hasValue(new EtcdTls(Optional.of(Path.of("/ca.crt")), Optional.empty(), Optional.empty()));
    assertThat(EtcdTls.of(Map.of("ETCD_CERT_FILE", "own.crt", "ETCD_KEY_FILE", "own.key")))
        .hasValue(
            new EtcdTls(
                Optional.empty(),
                Optional.of(Path.of("own.crt")),
                Optional.of(Path.of("own.key"))));
  }

  @Test
  void anEtcdBehindTlsIsWrittenEtcds() {
    assertThat(EtcdClient.parse("etcds://127.0.0.1:2379"))
        .hasValue(List.of(URI.create("https://127.0.0.1:2379")));
  }
}
