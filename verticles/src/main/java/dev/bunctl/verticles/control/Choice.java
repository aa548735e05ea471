package dev.bunctl.verticles.control;

import dev.bunctl.bridge.command.Suggestions;
import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.Selection;
import dev.bunctl.verticles.state.DesiredApp;
import dev.bunctl.verticles.state.DesiredInstance;
import dev.bunctl.verticles.state.DesiredState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which instances a selection means. */
sealed interface Choice {
    /** Each instance once, by id. */
    record Chosen(List<Target> targets) implements Choice {
        public Chosen {
            targets = List.copyOf(targets);
        }
    }

    /** A word names nothing. */
    record Unknown(Answer.Refused refusal) implements Choice {}

    static Choice of(DesiredState state, Selection selection) {
        return switch (selection) {
            case Selection.All() -> new Chosen(everything(state));
            case Selection.Named(List<String> words) -> named(state, words);
        };
    }

    /** Every instance, by id. */
    static List<Target> everything(DesiredState state) {
        List<Target> all = new ArrayList<>();
        for (DesiredApp app : state.apps().values()) {
            for (DesiredInstance instance : app.instances()) {
                all.add(Target.of(app, instance));
            }
        }
        all.sort(Comparator.comparingInt(target -> target.instance().id()));
        return all;
    }

    private static Choice named(DesiredState state, List<String> words) {
        Map<String, Target> byWord = new HashMap<>();
        for (Target target : everything(state)) {
            byWord.put(target.name(), target);
            byWord.put(Integer.toString(target.instance().id()), target);
        }
        TreeMap<Integer, Target> chosen = new TreeMap<>();
        for (String word : words) {
            Optional<DesiredApp> app = state.find(word);
            Target single = byWord.get(word);
            if (app.isPresent()) {
                DesiredApp known = app.get();
                known.instances().forEach(one -> chosen.put(one.id(), Target.of(known, one)));
            } else if (single != null) {
                chosen.put(single.instance().id(), single);
            } else {
                return new Unknown(unknown(state, word, byWord));
            }
        }
        return new Chosen(List.copyOf(chosen.values()));
    }

    /** No app has that name. */
    static Answer.Refused unknownApp(DesiredState state, String word) {
        return unknown(state, word, Map.of());
    }

    private static Answer.Refused unknown(DesiredState state, String word, Map<String, Target> byWord) {
        boolean number = !word.isEmpty() && word.chars().allMatch(Character::isDigit);
        String detail = number ? "no app has the id " + word : "no app is called '" + word + "'";
        Optional<String> alike = number
                ? Optional.empty()
                : Suggestions.nearest(
                        word,
                        word.contains(":") ? byWord.keySet() : state.apps().keySet());
        Optional<String> hint = alike.map(name -> "did you mean '" + name + "'?");
        if (hint.isEmpty()) {
            hint = Optional.of(
                    state.apps().isEmpty() ? "no app is known yet" : "`bunctl status` lists the apps that are known");
        }
        return new Answer.Refused(ErrorCode.UNKNOWN_APP, detail, hint);
    }
}
