package starling.keys;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import starling.model.Channel;
import starling.model.Charter;
import starling.model.Member;
import starling.model.Page;
import starling.model.Schema;

/**
 * One thing in a charter, for people and scripts.
 *
 * @param kind site, operator, schema, query, zone, cell or node; or what {@link Price} has
 * @param name what it is called; of zones, cells and nodes the path
 * @param details text, numbers and flags by name, in order
 */
public record Listing(String kind, String name, Map<String, Object> details) {
  private static final Gson GSON = new Gson();

  /** All that a charter says, zones before what is in them. */
  public static List<Listing> of(Charter charter, String operatorHex) {
    List<Listing> all = new ArrayList<>();
    Page.Site site = charter.site().orElseThrow();
    Listing first = named("site", site.site(), all);
    first.details.put("version", site.version());
    first.details.put("window_ms", site.windowMillis());
    named("operator", operatorHex, all);
    for (Schema schema : site.schemas()) {
      named("schema", Integer.toString(schema.number()), all)
          .details
          .put(
              "channels",
              schema.channels().stream().map(Channel::name).collect(Collectors.joining(",")));
    }
    site.queries().forEach(query -> all.add(of(query)));
    TreeMap<String, Page> byPath = new TreeMap<>();
    charter
        .pages()
        .values()
        .forEach(page -> byPath.put(charter.path(page.zone()).orElse(""), page));
    byPath.forEach((path, page) -> {
      switch (page) {
        case Page.Inner inner -> named("zone", path, all).details.put("id", inner.zone());
        case Page.Cell cell -> cell(cell, path, all);
        case Page.Site _ -> {}
      }
    });
    return all;
  }

  /** A standing query. */
  public static Listing of(Page.StandingQuery query) {
    Listing listed = new Listing("query", query.name(), new LinkedHashMap<>());
    listed.details.put("number", query.number());
    listed.details.put(
        "expires",
        query.expiresMillis() == Page.StandingQuery.FOREVER
            ? "never"
            : Instant.ofEpochMilli(query.expiresMillis()).toString());
    listed.details.put("text", query.text());
    return listed;
  }

  private static void cell(Page.Cell cell, String path, List<Listing> to) {
    Listing listed = named("cell", path, to);
    listed.details.put("id", cell.zone());
    listed.details.put("medium", cell.preset());
    for (Member member : cell.members()) {
      Listing node = named("node", path + "/" + member.name(), to);
      node.details.put("slot", member.slot());
      node.details.put("id", member.id().toString());
      node.details.put("schema", member.schema());
      node.details.put("gateway", member.gateway());
      node.details.put("uplink", member.uplink());
      node.details.put("mains", member.mains());
    }
  }

  private static Listing named(String kind, String name, List<Listing> to) {
    Listing listing = new Listing(kind, name, new LinkedHashMap<>());
    to.add(listing);
    return listing;
  }

  /** Kind, name and details, tab-separated; flags only where they are set. */
  public String line() {
    StringBuilder line = new StringBuilder(kind).append('\t').append(name);
    details.forEach((key, value) -> {
      if (!value.equals(false)) {
        line.append('\t').append(key).append(value.equals(true) ? "" : " " + value);
      }
    });
    return line.toString();
  }

  /** One JSON object. */
  public String json() {
    JsonObject object = new JsonObject();
    object.addProperty("kind", kind);
    object.addProperty("name", name);
    details.forEach((key, value) -> object.add(key, GSON.toJsonTree(value)));
    return GSON.toJson(object);
  }
}
