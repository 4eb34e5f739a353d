package starling.keys;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import starling.model.Charter;
import starling.model.Page;
import starling.query.ChannelUse;
import starling.query.Cost;
import starling.query.Plan;
import starling.query.Query;
import starling.query.QueryException;

/** What a standing query costs on a site, for people and scripts. */
public final class Price {
  private Price() {}

  /**
   * The query; its largest row at each level; what the media carry; and how much of each radio
   * cell's channel all queries take, with the pace that follows.
   */
  public static List<Listing> of(Charter charter, Page.StandingQuery query) {
    Page.Site site = charter.site().orElseThrow();
    Plan plan = plan(query, site);
    Cost cost = Cost.of(plan, charter);
    List<Listing> lines = new ArrayList<>(List.of(Listing.of(query)));
    for (Cost.Level level : cost.levels()) {
      Map<String, Object> details = new LinkedHashMap<>();
      details.put("nodes", level.nodes());
      details.put("row_bytes_max", level.rowBytes());
      details.put("header_bytes", level.headerBytes());
      level.parts().forEach((part, bytes) -> details.put("bytes of " + part, bytes));
      lines.add(new Listing("row", level.zone(), details));
    }
    long everyMillis = plan.query().everyMillis().orElse(site.windowMillis());
    for (Cost.Carrier carrier : cost.carriers().values()) {
      Map<String, Object> details = new LinkedHashMap<>();
      details.put("room_bytes", carrier.roomBytes());
      details.put("largest_row_bytes", carrier.largest().rowBytes());
      details.put("airtime_ms", carrier.airtimeMicros() / 1000.0);
      details.put("every_ms", everyMillis);
      lines.add(new Listing("medium", carrier.medium().name(), details));
    }
    List<Plan> plans = site.queries().stream().map(each -> plan(each, site)).toList();
    for (Page page : charter.pages().values()) {
      if (page instanceof Page.Cell cell && cell.medium() == Page.Medium.BROADCAST) {
        List<Page.Inner> above = charter.ancestors(cell.zone());
        ChannelUse use = ChannelUse.of(Cost.medium(cell), cell, above, site, plans);
        lines.add(channel(charter.path(cell.zone()).orElse(cell.name()), use, site));
      }
    }
    return lines;
  }

  private static Listing channel(String cell, ChannelUse use, Page.Site site) {
    OptionalInt exponent = use.exponent(site.windowMillis());
    long windowMillis = site.windowMillis() << exponent.orElse(0);
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("medium", use.medium().name());
    details.put("window_ms", windowMillis);
    details.put("contributions_ms", tenths(use.contributionsMicros() / 1000));
    details.put("queries_ms", tenths(use.rowsMicros(windowMillis) / 1000));
    details.put("used_percent", tenths(100 * use.share(windowMillis)));
    details.put("target_percent", tenths(100 * use.medium().channelTarget()));
    if (exponent.orElse(0) > 0) {
      details.put("paced_from_ms", site.windowMillis());
    }
    return new Listing("channel", cell, details);
  }

  private static double tenths(double of) {
    return Math.round(of * 10) / 10.0;
  }

  /** That a charter was signed. */
  public static Listing signed(Charter charter) {
    return new Listing("charter", "signed", Map.of("version", charter.version(Page.SITE)));
  }

  private static Plan plan(Page.StandingQuery query, Page.Site site) {
    try {
      return Plan.of(Query.parse(query.text()), site.schemas(), site.binsMax());
    } catch (QueryException e) {
      throw new IllegalArgumentException("query " + query.name() + ": " + e.render(), e);
    }
  }
}
