package starling.gateway.command;

/**
 * One thing that a gateway is told to do.
 *
 * <pre>
 * {"id":"a1","expires":"2026-06-01T12:00:00Z"}                              announce, status
 * {"id":"a2","expires":"…","zone":"/orchard/north","query":"climate","timeout_s":30}    rows
 * </pre>
 *
 * @param id the sender's, by which it knows the result, and another time the same command
 * @param expiresMillis until when it counts, in Unix milliseconds
 */
record Command(String id, long expiresMillis, Verb verb) {
  /**
   * Reads one.
   *
   * @param verb the last level of its topic
   */
  static Command read(String verb, byte[] payload) throws Refusal {
    Members members = Members.read(payload);
    Verb what = Verb.read(verb, members);
    return new Command(members.id(), members.expiresMillis(), what);
  }
}
