package starling.inquiry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import starling.link.Address;
import starling.link.LinkProfile;
import starling.model.Facts;
import starling.model.Hash;
import starling.model.Member;
import starling.model.Page;

/** Whom a question may be passed on to, by the charter: the likeliest first. */
final class Hops {
  private static final int LIKELY = 3;

  private Hops() {}

  static List<Peer> towards(Question question, List<LinkProfile> links, Facts facts) {
    return switch (question.follow(facts)) {
      case Question.Step.Here _ -> mates(links, facts);
      case Question.Step.Below(Page.Child child, Question _) -> {
        OptionalInt addressed = link(links, false);
        yield addressed.isPresent() && self(facts).map(Member::uplink).orElse(false)
            ? contacts(child, addressed.getAsInt(), facts)
            : mates(links, facts);
      }
      case Question.Step.Nowhere _, Question.Step.Unknown _ -> List.of();
    };
  }

  private static Optional<Member> self(Facts facts) {
    return facts
        .charter()
        .cell(facts.self().cell())
        .flatMap(cell -> cell.member(facts.self().slot()));
  }

  /**
   * Where a zone beside one's own path can be reached, each of its entrances in turn; not all begin
   * with the same of the likeliest.
   */
  private static List<Peer> contacts(Page.Child child, int link, Facts facts) {
    List<Peer> peers = new ArrayList<>();
    for (int place = 0; place < Page.CONTACTS_MAX; place++) {
      for (Page.Entrance entrance : child.entrances()) {
        if (place < entrance.slots().size()) {
          Address contact = new Address(entrance.cell(), entrance.slots().get(place));
          peers.add(new Peer(link, contact));
        }
      }
    }
    int likely = Math.min(LIKELY * child.entrances().size(), peers.size());
    long draw = Hash.of(facts.self().id().bits(), child.zone()) >>> 1;
    if (likely > 0) {
      Collections.rotate(peers.subList(0, likely), (int) (draw % likely));
    }
    return peers;
  }

  /** The members of the cell that others reach it by: those who represent it are the first. */
  private static List<Peer> mates(List<LinkProfile> links, Facts facts) {
    int cell = facts.self().cell();
    Optional<Page.Cell> page = facts.charter().cell(cell);
    boolean broadcast = page.map(p -> p.medium() == Page.Medium.BROADCAST).orElse(true);
    OptionalInt link = link(links, broadcast);
    if (page.isEmpty() || link.isEmpty()) {
      return List.of();
    }
    List<Integer> contacts =
        facts.charter().ancestors(cell).stream()
            .limit(1)
            .flatMap(parent -> parent.child(cell).stream())
            .flatMap(child -> child.entrances().stream())
            .flatMap(entrance -> entrance.slots().stream())
            .toList();
    return page.get().members().stream()
        .filter(member -> member.uplink() && member.slot() != facts.self().slot())
        .sorted(
            Comparator.comparing((Member member) -> !facts.members().awake(member.slot()))
                .thenComparing(member -> !facts.members().steady(member.slot()))
                .thenComparingInt(member -> place(member.slot(), contacts)))
        .map(member -> new Peer(link.getAsInt(), new Address(cell, member.slot())))
        .toList();
  }

  private static int place(int slot, List<Integer> contacts) {
    int place = contacts.indexOf(slot);
    return place < 0 ? contacts.size() : place;
  }

  private static OptionalInt link(List<LinkProfile> links, boolean broadcast) {
    for (int i = 0; i < links.size(); i++) {
      if (links.get(i).broadcast() == broadcast) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }
}
