package starling.charter;

import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.List;
import starling.model.Channel;
import starling.model.Member;
import starling.model.Page;
import starling.model.Schema;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * The layout of a signed page.
 *
 * <pre>
 * format 1 | site id 8 | kind 1 | version v | zone 2 | body | Ed25519 signature 64
 * site body:  root version v | site t | key epoch 1 | window ms v | bins 1 | schemas v (number 1 | channels v (name t | unit t | decimals 1 |
 *             minimum f8 | maximum f8)) | last zone 2 | last query 1 | queries v (number 1 | name t | text t | expires v (s))
 * inner body: parent 2 | name t | shape 1 | children v (zone 2 | version v | name t | expected v | shape 4 | entrances 4 (cell 2 | contacts v (slot 1)))
 * cell body:  parent 2 | name t | medium 1 | preset t | members v (slot 1 | flags 1 | schema 1 | key 32 | name t)
 * v varint, t text (varint length, UTF-8), f8 IEEE 754 double
 * </pre>
 */
public final class PageCodec {
  /** The largest signed page: a cell of 64 with the longest names. */
  public static final int PAGE_MAX_BYTES = 8192;

  private static final int FORMAT = 2;
  private static final int KIND_SITE = 0;
  private static final int KIND_INNER = 1;
  private static final int KIND_CELL = 2;
  private static final int NAME_MAX_BYTES = 64;
  private static final int QUERY_MAX_BYTES = 1024;

  private PageCodec() {}

  /** The page, signed with the operator's private key. */
  public static byte[] sign(Page page, Operator operator, PrivateKey key) {
    WireWriter to = WireWriter.ofSize(PAGE_MAX_BYTES);
    to.u8(FORMAT).u64(operator.siteId());
    switch (page) {
      case Page.Site site -> writeSite(site, to);
      case Page.Inner inner -> writeInner(inner, to);
      case Page.Cell cell -> writeCell(cell, to);
    }
    if (to.remaining() < Operator.SIGNATURE_BYTES || to.overflowed()) {
      throw new IllegalArgumentException(
          "page of zone "
              + page.zone()
              + " passes "
              + PAGE_MAX_BYTES
              + " bytes; shorten names or queries");
    }
    return Signatures.append(to.toBytes(), key);
  }

  /** The page in these bytes, if the operator signed it. */
  public static Page open(byte[] signed, Operator operator) throws MalformedException {
    int length = signed.length - Operator.SIGNATURE_BYTES;
    if (length < 1 || signed.length > PAGE_MAX_BYTES) {
      throw new MalformedException(
          "a page has 65 to " + PAGE_MAX_BYTES + " bytes, not " + signed.length);
    }
    Page page = read(new WireReader(signed, 0, length), operator.siteId());
    if (!operator.signed(signed, length)) {
      throw new MalformedException("the operator's signature does not verify");
    }
    return page;
  }

  private static Page read(WireReader from, long siteId) throws MalformedException {
    int format = from.u8();
    if (format != FORMAT) {
      throw new MalformedException("page format " + format + " is not known here");
    }
    if (from.u64() != siteId) {
      throw new MalformedException("a page of another site");
    }
    int kind = from.u8();
    long version = from.varint();
    int zone = from.u16();
    try {
      Page page =
          switch (kind) {
            case KIND_SITE -> readSite(version, from);
            case KIND_INNER -> readInner(version, zone, from);
            case KIND_CELL -> readCell(version, zone, from);
            default -> throw new MalformedException("page kind " + kind + " is not known here");
          };
      from.end();
      if (version < 1 || page.zone() != zone) {
        throw new MalformedException("page of zone " + zone + " version " + version);
      }
      return page;
    } catch (IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
  }

  private static void writeSite(Page.Site site, WireWriter to) {
    to.u8(KIND_SITE).varint(site.version()).u16(Page.SITE);
    to.varint(site.rootVersion())
        .text(site.site())
        .u8(site.keyEpoch())
        .varint(site.windowMillis())
        .u8(site.binsMax());
    to.varint(site.schemas().size());
    for (Schema schema : site.schemas()) {
      to.u8(schema.number()).varint(schema.channels().size());
      for (Channel channel : schema.channels()) {
        to.text(channel.name()).text(channel.unit()).u8(channel.decimals());
        to.u64(Double.doubleToLongBits(channel.minimum()));
        to.u64(Double.doubleToLongBits(channel.maximum()));
      }
    }
    to.u16(site.lastZone()).u8(site.lastQuery()).varint(site.queries().size());
    for (Page.StandingQuery query : site.queries()) {
      to.u8(query.number()).text(query.name()).text(query.text());
      to.varint(query.expiresMillis() / 1000);
    }
  }

  private static Page readSite(long version, WireReader from) throws MalformedException {
    long rootVersion = from.varint();
    String name = from.text(NAME_MAX_BYTES);
    int epoch = from.u8();
    long windowMillis = from.varint();
    int bins = from.u8();
    List<Schema> schemas = new ArrayList<>();
    for (int i = from.varint(16); i > 0; i--) {
      int number = from.u8();
      List<Channel> channels = new ArrayList<>();
      for (int j = from.varint(Schema.CHANNELS_MAX); j > 0; j--) {
        channels.add(
            new Channel(
                from.text(NAME_MAX_BYTES),
                from.text(NAME_MAX_BYTES),
                from.u8(),
                Double.longBitsToDouble(from.u64()),
                Double.longBitsToDouble(from.u64())));
      }
      schemas.add(new Schema(number, channels));
    }
    int lastZone = from.u16();
    int lastQuery = from.u8();
    List<Page.StandingQuery> queries = new ArrayList<>();
    for (int i = from.varint(32); i > 0; i--) {
      queries.add(
          new Page.StandingQuery(
              from.u8(),
              from.text(NAME_MAX_BYTES),
              from.text(QUERY_MAX_BYTES),
              1000L * from.varint(Integer.MAX_VALUE)));
    }
    return new Page.Site(
        version,
        rootVersion,
        name,
        epoch,
        windowMillis,
        bins,
        schemas,
        lastZone,
        lastQuery,
        queries);
  }

  private static void writeInner(Page.Inner inner, WireWriter to) {
    to.u8(KIND_INNER).varint(inner.version()).u16(inner.zone());
    to.u16(inner.parent()).text(inner.name()).u8(inner.shape()).varint(inner.children().size());
    for (Page.Child child : inner.children()) {
      to.u16(child.zone())
          .varint(child.version())
          .text(child.name())
          .varint(child.expected())
          .u8(child.shape() << 4 | child.entrances().size());
      for (Page.Entrance entrance : child.entrances()) {
        to.u16(entrance.cell()).varint(entrance.slots().size());
        entrance.slots().forEach(to::u8);
      }
    }
  }

  private static Page readInner(long version, int zone, WireReader from) throws MalformedException {
    int parent = from.u16();
    String name = from.text(NAME_MAX_BYTES);
    int shape = from.u8();
    List<Page.Child> children = new ArrayList<>();
    for (int i = from.varint(Page.CHILDREN_MAX); i > 0; i--) {
      int child = from.u16();
      long childVersion = from.varint();
      String childName = from.text(NAME_MAX_BYTES);
      int expected = from.varint(Page.LEAVES_MAX);
      int both = from.u8();
      List<Page.Entrance> entrances = readEntrances(both & 15, from);
      children.add(new Page.Child(child, childVersion, childName, expected, both >> 4, entrances));
    }
    return new Page.Inner(version, zone, parent, name, shape, children);
  }

  private static List<Page.Entrance> readEntrances(int count, WireReader from)
      throws MalformedException {
    List<Page.Entrance> entrances = new ArrayList<>();
    for (int i = count; i > 0; i--) {
      int cell = from.u16();
      List<Integer> slots = new ArrayList<>();
      for (int j = from.varint(Page.CONTACTS_MAX); j > 0; j--) {
        slots.add(from.u8());
      }
      entrances.add(new Page.Entrance(cell, slots));
    }
    return entrances;
  }

  private static void writeCell(Page.Cell cell, WireWriter to) {
    to.u8(KIND_CELL).varint(cell.version()).u16(cell.zone());
    to.u16(cell.parent()).text(cell.name()).u8(cell.medium().ordinal()).text(cell.preset());
    to.varint(cell.members().size());
    for (Member member : cell.members()) {
      int flags =
          (member.senses() ? 1 : 0)
              | (member.uplink() ? 2 : 0)
              | (member.mains() ? 4 : 0)
              | (member.gateway() ? 8 : 0);
      to.u8(member.slot()).u8(flags).u8(member.schema()).bytes(member.key()).text(member.name());
    }
  }

  private static Page readCell(long version, int zone, WireReader from) throws MalformedException {
    int parent = from.u16();
    String name = from.text(NAME_MAX_BYTES);
    int medium = from.u8();
    if (medium >= Page.Medium.values().length) {
      throw new MalformedException("medium " + medium + " is not known here");
    }
    String preset = from.text(NAME_MAX_BYTES);
    List<Member> members = new ArrayList<>();
    for (int i = from.varint(Member.SLOTS_MAX); i > 0; i--) {
      int slot = from.u8();
      int flags = from.u8();
      int schema = from.u8();
      byte[] key = from.bytes(Operator.KEY_BYTES);
      members.add(
          new Member(
              slot,
              key,
              from.text(NAME_MAX_BYTES),
              schema,
              (flags & 1) != 0,
              (flags & 2) != 0,
              (flags & 4) != 0,
              (flags & 8) != 0));
    }
    return new Page.Cell(
        version, zone, parent, name, Page.Medium.values()[medium], preset, members);
  }

  /** The charter file: signed pages, each behind its length as a varint. */
  public static byte[] bundle(List<byte[]> pages) {
    WireWriter to = WireWriter.ofSize(pages.stream().mapToInt(page -> page.length + 5).sum());
    pages.forEach(page -> to.varint(page.length).bytes(page));
    return to.toBytes();
  }

  /** The signed pages in a charter file. */
  public static List<byte[]> unbundle(byte[] file) throws MalformedException {
    WireReader from = new WireReader(file);
    List<byte[]> pages = new ArrayList<>();
    while (from.remaining() > 0) {
      pages.add(from.bytes(from.varint(PAGE_MAX_BYTES)));
    }
    return pages;
  }
}
