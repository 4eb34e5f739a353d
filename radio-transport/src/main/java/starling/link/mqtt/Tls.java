package starling.link.mqtt;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
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
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Whom to believe behind {@code mqtts://}, and who to be there. Read once: a new certificate is
 * used after the next start. Certificates and keys are PEM, keys unencrypted PKCS #8 (RFC 5958).
 */
public final class Tls {
  private static final int FILE_MAX_BYTES = 256 << 10;
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final char[] NO_PASSWORD = {};

  /** As the system's browsers would: whoever is certified by a known authority. */
  public static final Tls SYSTEM = system();

  private final SSLContext context;

  private Tls(SSLContext context) {
    this.context = context;
  }

  /**
   * A certificate of one's own.
   *
   * @param certificate it, and those that certify it
   * @param key its private key
   */
  public record Identity(Path certificate, Path key) {}

  /**
   * Reads certificates.
   *
   * @param authorities who certifies the others; empty for those that the system knows
   * @param identity if the others want to know who this is
   * @throws IOException a file can't be read or is none; says which and what it should be
   */
  public static Tls read(Optional<Path> authorities, Optional<Identity> identity)
      throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          identity.isPresent() ? keys(identity.get()) : null,
          authorities.isPresent() ? trust(authorities.get()) : null,
          null);
      return new Tls(context);
    } catch (GeneralSecurityException e) {
      throw new IOException("certificates can't be used: " + e.getMessage(), e);
    }
  }

  private static Tls system() {
    try {
      return read(Optional.empty(), Optional.empty());
    } catch (IOException e) {
      throw new IllegalStateException("every JDK has TLS", e);
    }
  }

  /** What to make connections with, on either side. */
  public SSLContext context() {
    return context;
  }

  SSLSocketFactory sockets() {
    return context.getSocketFactory();
  }

  private static TrustManager[] trust(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = empty();
    for (Certificate certificate : certificates(file)) {
      store.setCertificateEntry("authority " + store.size(), certificate);
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyManager[] keys(Identity identity) throws IOException, GeneralSecurityException {
    Certificate[] chain = certificates(identity.certificate()).toArray(Certificate[]::new);
    KeyStore store = empty();
    PrivateKey key = key(identity.key(), chain[0].getPublicKey().getAlgorithm());
    store.setKeyEntry("own", key, NO_PASSWORD, chain);
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load((@Nullable InputStream) null, null);
    return store;
  }

  private static Collection<? extends Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    check(file);
    try (InputStream in = Files.newInputStream(file)) {
      var all = CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (all.isEmpty()) {
        throw new IOException(file + " has no certificate in it (PEM is wanted)");
      }
      return all;
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " is no certificate (PEM is wanted): " + e.getMessage(), e);
    }
  }

  private static PrivateKey key(Path file, String algorithm) throws IOException {
    check(file);
    Matcher key = KEY.matcher(Files.readString(file, US_ASCII));
    if (!key.find()) {
      throw new IOException(
          file
              + " is no unencrypted PKCS #8 key; to make one of it: openssl pkcs8 -topk8 -nodes -in"
              + " "
              + file);
    }
    byte[] bytes = Base64.getMimeDecoder().decode(key.group(1));
    try {
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes));
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " is not the key of that certificate: " + e.getMessage(), e);
    }
  }

  private static void check(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + " does not exist");
    }
    if (Files.size(file) > FILE_MAX_BYTES) {
      throw new IOException(file + " has more than " + FILE_MAX_BYTES + " bytes");
    }
  }
}
