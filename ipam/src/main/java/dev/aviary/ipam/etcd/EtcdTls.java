package dev.aviary.ipam.etcd;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client of an etcd behind TLS is given, as calicoctl's ETCD_CA_CERT_FILE, ETCD_CERT_FILE
 * and ETCD_KEY_FILE: files in PEM.
 *
 * @param authority whom to trust; empty for those that the JDK trusts
 * @param certificate the client's own, with its chain; together with {@code key} or not at all
 * @param key unencrypted, in PKCS #8 ("BEGIN PRIVATE KEY")
 */
public record EtcdTls(Optional<Path> authority, Optional<Path> certificate, Optional<Path> key) {
  private static final Logger log = LoggerFactory.getLogger(EtcdTls.class);
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  private static final EtcdTls NOTHING =
      new EtcdTls(Optional.empty(), Optional.empty(), Optional.empty());

  // RFC 5208: the key says itself what it is, but the JDK wants to be told.
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  /**
   * What calicoctl's variables name; empty if they name nothing, which an empty text does too.
   *
   * @param environment of a process
   */
  public static Optional<EtcdTls> of(Map<String, String> environment) {
    var named =
        new EtcdTls(
            file(environment, "ETCD_CA_CERT_FILE"),
            file(environment, "ETCD_CERT_FILE"),
            file(environment, "ETCD_KEY_FILE"));
    return Optional.of(named).filter(tls -> !tls.equals(NOTHING));
  }

  private static Optional<Path> file(Map<String, String> environment, String variable) {
    return Optional.ofNullable(environment.get(variable))
        .filter(name -> !name.isEmpty())
        .map(Path::of);
  }

  /**
   * The context that these files make.
   *
   * @throws IOException if a file cannot be read or is not what it should be
   */
  SSLContext context() throws IOException {
    if (certificate.isPresent() != key.isPresent()) {
      throw new IOException("a client's certificate and its key go together");
    }
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(
          certificate.isPresent()
              ? own(certificate.get(), key.orElseThrow()).getKeyManagers()
              : null,
          authority.isPresent() ? trusted(authority.get()).getTrustManagers() : null,
          null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static TrustManagerFactory trusted(Path file)
      throws GeneralSecurityException, IOException {
    var store = empty();
    for (var certificate : certificates(file)) {
      store.setCertificateEntry("ca" + store.size(), certificate);
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory;
  }

  private static KeyManagerFactory own(Path certificate, Path key)
      throws GeneralSecurityException, IOException {
    var store = empty();
    var chain = certificates(certificate).toArray(Certificate[]::new);
    store.setKeyEntry("client", privateKey(key), new char[0], chain);
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory;
  }

  private static List<Certificate> certificates(Path file)
      throws GeneralSecurityException, IOException {
    try (var in = new ByteArrayInputStream(Files.readAllBytes(file))) {
      List<Certificate> found =
          List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
      if (found.isEmpty()) {
        throw new IOException(file + ": no certificate in it");
      }
      return found;
    }
  }

  private static PrivateKey privateKey(Path file) throws IOException {
    var text = KEY.matcher(Files.readString(file, StandardCharsets.US_ASCII));
    if (!text.find()) {
      throw new IOException(file + ": no unencrypted key in PKCS #8 (BEGIN PRIVATE KEY) in it");
    }
    var spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(text.group(1)));
    for (var algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (GeneralSecurityException e) {
        log.debug("{} is no key for {}: {}", file, algorithm, e.getMessage());
      }
    }
    throw new IOException(file + ": a key of none of the kinds " + ALGORITHMS);
  }
}
