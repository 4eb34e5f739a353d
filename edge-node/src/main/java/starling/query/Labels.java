package starling.query;

/** What people call nodes and cells that states know by number. */
public interface Labels {
  /** Numbers as they are. */
  Labels NUMBERS =
      new Labels() {
        @Override
        public String cell(int zone) {
          return "zone-" + zone;
        }

        @Override
        public String node(int zone, int slot) {
          return cell(zone) + "/slot-" + slot;
        }
      };

  /** A cell's path. */
  String cell(int zone);

  /** A node's path. */
  String node(int zone, int slot);
}
