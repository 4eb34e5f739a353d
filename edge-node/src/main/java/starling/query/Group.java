package starling.query;

import java.util.Arrays;
import java.util.List;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * What is kept of the nodes that are asked, or of those of one group: how many they are, and the
 * state of each of the plan's parts.
 */
record Group(int nodes, List<State> states) {
  static Group none(Plan plan) {
    return new Group(0, plan.parts().stream().map(Part::none).toList());
  }

  static Group of(Plan plan, Sample sample) {
    return new Group(1, plan.parts().stream().map(part -> part.of(sample)).toList());
  }

  Group merge(Group other) {
    if (nodes == 0 || other.nodes == 0) {
      return nodes == 0 ? other : this;
    }
    State[] merged = new State[states.size()];
    for (int i = 0; i < merged.length; i++) {
      merged[i] = states.get(i).merge(other.states.get(i));
    }
    return new Group(nodes + other.nodes, Arrays.asList(merged));
  }

  void encode(WireWriter to) {
    if (nodes > 0) {
      states.forEach(state -> state.encode(to, nodes));
    }
  }

  static Group decode(Plan plan, WireReader from, int nodes) throws MalformedException {
    if (nodes == 0) {
      return none(plan);
    }
    State[] states = new State[plan.parts().size()];
    for (int i = 0; i < states.length; i++) {
      states[i] = plan.parts().get(i).decode(from, nodes);
    }
    return new Group(nodes, Arrays.asList(states));
  }
}
