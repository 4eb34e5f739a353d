package starling.query;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What the roster says of a node. */
enum Attribute {
  /** Its name in its cell. */
  NODE(0),
  /** Its cell: the name, or the whole path. */
  CELL(0),
  /** Whether it has mains power. */
  MAINS(2),
  /** Whether it has the uplink's medium. */
  UPLINK(2),
  /** The number of its readings' schema. */
  SCHEMA(16);

  /** How many values there can be at most; 0 where there are too many to group by. */
  final int values;

  Attribute(int values) {
    this.values = values;
  }

  static Optional<Attribute> of(Token word) {
    return Arrays.stream(values())
        .filter(a -> word.kind() == Token.Kind.WORD && word.is(a.name()))
        .findFirst();
  }

  /** Those that can be grouped by. */
  static List<String> groups() {
    return Arrays.stream(values()).filter(a -> a.values > 0).map(Attribute::word).toList();
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean isFlag() {
    return values == 2;
  }

  /** What follows a column's name in the answer of a group. */
  String suffix(int value) {
    return "_" + word() + "_" + (isFlag() ? (value == 1 ? "yes" : "no") : Integer.toString(value));
  }

  /** Its value as a group's number. */
  OptionalInt group(Sample sample) {
    OptionalLong number = values > 0 ? number(sample) : OptionalLong.empty();
    return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : OptionalInt.empty();
  }

  /** Its value as a number: zone id and slot for those that have names. */
  OptionalLong number(Sample sample) {
    if (this == SCHEMA) {
      return OptionalLong.of(sample.schema().number());
    }
    return sample.origin().stream().mapToLong(this::number).findFirst();
  }

  private long number(Origin origin) {
    return switch (this) {
      case NODE -> (long) origin.cell() << 8 | origin.slot();
      case CELL -> origin.cell();
      case MAINS -> origin.mains() ? 1 : 0;
      case UPLINK -> origin.uplink() ? 1 : 0;
      case SCHEMA -> throw new IllegalStateException("readings have a schema, nodes don't");
    };
  }

  /** Whether one of its names for a node is among these. */
  Truth among(List<String> texts, Sample sample) {
    if (this == SCHEMA) {
      return Truth.of(texts.contains(Integer.toString(sample.schema().number())));
    }
    return sample
        .origin()
        .map(origin ->
            switch (this) {
              case NODE -> Truth.of(texts.contains(origin.name()));
              case CELL -> Truth.of(texts.stream().anyMatch(text -> names(text, origin.path())));
              case MAINS -> Truth.of(origin.mains());
              case UPLINK -> Truth.of(origin.uplink());
              case SCHEMA -> Truth.UNKNOWN;
            })
        .orElse(Truth.UNKNOWN);
  }

  private static boolean names(String text, String path) {
    return text.startsWith("/") ? path.equals(text) : path.endsWith("/" + text);
  }
}
