package starling.link.mqtt;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;

/** Why two did not come to believe each other, for a person. */
final class TlsRefusal {
  private static final int CAUSES_MAX = 8;

  private TlsRefusal() {}

  /** One line: what is wrong, and with whose certificate. */
  static String why(IOException refused) {
    String text = String.valueOf(refused.getMessage());
    Throwable cause = refused;
    for (int i = 0; i < CAUSES_MAX && cause != null; i++, cause = cause.getCause()) {
      switch (cause) {
        case CertificateExpiredException _ -> {
          return "its certificate has expired (or the clock here is wrong): " + text;
        }
        case CertificateNotYetValidException _ -> {
          return "its certificate is not valid yet (or the clock here is wrong): " + text;
        }
        case ConnectException _ -> {
          return text;
        }
        case SocketException _ -> { // TLS 1.3: what is wrong comes too late to be read
          return "it closed the connection; perhaps it does not believe us"
              + " (certificate_file, key_file): "
              + text;
        }
        default -> {}
      }
    }
    if (text.contains("unable to find valid certification path")
        || text.contains("path validation failed")
        || text.contains("PKIX path building failed")) {
      return "its certificate is not of an authority that is known here (ca_file): " + text;
    }
    if (text.contains("No subject alternative") || text.contains("No name matching")) {
      return "its certificate is for another name: " + text;
    }
    if (text.startsWith("Received fatal alert") || text.startsWith("(certificate_required)")) {
      return "it does not believe us (certificate_file, key_file): " + text;
    }
    return text.contains("Unsupported or unrecognized SSL message")
        ? "it speaks no TLS there: mqtt:// perhaps?"
        : text;
  }
}
