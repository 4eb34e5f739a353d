package starling.gateway.api;

import com.google.gson.JsonObject;

/**
 * Why there is no other answer, as RFC 9457 has it.
 *
 * @param status HTTP's
 * @param title what the status means
 * @param detail what was wrong here, and what would be right
 */
public record Problem(int status, String title, String detail) {
  /** What is sent as {@code Content-Type}. */
  public static final String CONTENT_TYPE = "application/problem+json";

  static Problem badRequest(String detail) {
    return new Problem(400, "Bad Request", detail);
  }

  static Problem forbidden(String detail) {
    return new Problem(403, "Forbidden", detail);
  }

  /** Nothing there. */
  public static Problem notFound(String detail) {
    return new Problem(404, "Not Found", detail);
  }

  /** It can only be read. */
  public static Problem readOnly(String method) {
    return new Problem(405, "Method Not Allowed", "only GET and HEAD, not " + method);
  }

  /** Asked under a name that is not this machine's own. */
  public static Problem misdirected(String host) {
    return new Problem(
        421,
        "Misdirected Request",
        "without a password this is only shown as localhost, not as '" + host + "'");
  }

  static Problem busy(String detail) {
    return new Problem(503, "Service Unavailable", detail);
  }

  static Problem unanswered(String detail) {
    return new Problem(504, "Gateway Timeout", detail);
  }

  /** The object. */
  public String json() {
    JsonObject json = new JsonObject();
    json.addProperty("type", "about:blank");
    json.addProperty("title", title);
    json.addProperty("status", status);
    json.addProperty("detail", detail);
    return json.toString();
  }

  /** A problem that ends the handling of a request. */
  static final class Found extends Exception {
    private static final long serialVersionUID = 1;
    private final transient Problem problem;

    Found(Problem problem) {
      super(problem.detail(), null, false, false);
      this.problem = problem;
    }

    Problem problem() {
      return problem;
    }
  }
}
