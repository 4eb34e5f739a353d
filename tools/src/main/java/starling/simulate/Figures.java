package starling.simulate;

import starling.model.Delivery;
import starling.model.Hash;

/** Numbers that stand for what nodes tell, the same in every process. */
final class Figures {
  private Figures() {}

  static long hash(Delivery delivery) {
    if (delivery instanceof Delivery.Result result) {
      long what = Hash.of(result.zone().hashCode(), result.query().hashCode(), result.endMillis());
      long whose = Hash.of(result.contributors(), result.reported(), result.expected());
      return Hash.of(what, whose, result.values().hashCode());
    }
    return delivery.toString().hashCode();
  }
}
