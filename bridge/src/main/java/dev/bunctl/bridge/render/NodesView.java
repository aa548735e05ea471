package dev.bunctl.bridge.render;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.message.NodeAnswer;
import dev.bunctl.bridge.message.NodeEntry;
import java.util.ArrayList;
import java.util.List;

/** The cluster, for people. */
final class NodesView {
    private NodesView() {}

    static String nodes(Answer.Nodes nodes, Presentation how) {
        if (nodes.self().isEmpty()) {
            return "in no cluster\n";
        }
        List<List<String>> rows = new ArrayList<>();
        for (NodeEntry node : nodes.nodes()) {
            rows.add(List.of(
                    node.name(),
                    node.self() ? "this one" : state(node),
                    node.version(),
                    Integer.toString(node.instances()),
                    Integer.toString(node.online())));
        }
        return Columns.render(List.of("NODE", "STATE", "VERSION", "INSTANCES", "ONLINE"), rows, how);
    }

    private static String state(NodeEntry node) {
        return node.unreachableSince().map(at -> "unreachable since " + at).orElse("reachable");
    }

    /** Each node's answer behind its name. */
    static String answers(List<NodeAnswer> answers, Presentation how) {
        StringBuilder out = new StringBuilder();
        for (NodeAnswer answer : answers) {
            String text = Render.answer(answer.answer(), how).out();
            if (!text.isEmpty()) {
                String since = answer.unreachableSince()
                        .map(at -> " (unreachable since " + at + ", as last heard)")
                        .orElse("");
                out.append(Render.title(answer.node() + since, how)).append(text);
            }
        }
        return out.toString();
    }

    static String talk(List<NodeAnswer> answers, Presentation how) {
        StringBuilder err = new StringBuilder();
        for (NodeAnswer answer : answers) {
            Render.answer(answer.answer(), how)
                    .err()
                    .lines()
                    .forEach(line -> err.append(Text.clean(answer.node()))
                            .append(": ")
                            .append(line)
                            .append('\n'));
        }
        return err.toString();
    }

    /** What all of them came to, or {@link ErrorCode#PARTIAL} where they came to different things. */
    static int exitCode(List<NodeAnswer> answers) {
        List<Integer> codes =
                answers.stream().map(NodesView::exitCode).distinct().toList();
        return switch (codes.size()) {
            case 0 -> 0;
            case 1 -> codes.getFirst();
            default -> ErrorCode.PARTIAL.exitCode();
        };
    }

    private static int exitCode(NodeAnswer answer) {
        return answer.unreachableSince().isPresent()
                ? ErrorCode.UNREACHABLE.exitCode()
                : Render.exitCode(answer.answer());
    }
}
